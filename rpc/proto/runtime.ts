/**
 * What code generated from `.proto` files stands on, for such code inside the project.
 *
 * @module
 */

export { type EnumType, enumType } from "./enum_type.ts";
export { field } from "./field.ts";
export { descriptorSet, type FileInfo, fileInfo } from "./file.ts";
export { type MessageType, messageType } from "./message_type.ts";
export { oneofUnset } from "./oneof.ts";
