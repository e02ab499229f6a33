/**
 * Messages of Protocol Buffers: what `zeno rpc gen` generates stands on this.
 *
 * A `message` becomes an interface and a constant of the same name, a {@link MessageType}. Fields are called in
 * lowerCamel. Integers of 64 bits are `bigint`, bytes `Uint8Array`. An enum is a constant with its numbers and
 * the type of them. A `oneof` is a union: `{ case: "email", value: "a@b.c" }`, or `{ case: undefined }`. A map is a
 * `Map`: its keys keep their type, and `__proto__` is a key as any other. Fields that a type does not know
 * are kept in `$unknown` and written back, so an old program passes on what a newer one sent.
 *
 * Reading trusts nothing: lengths are checked before anything is allocated, text is checked to be UTF-8,
 * messages more than 100 deep are refused. What is no message throws a {@link DecodeError}, code
 * `invalid_argument`. Writing checks that numbers are in the range of their type.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { DecodeError } from "@zeno/zeno/rpc/proto";
 * import { Duration } from "@zeno/zeno/rpc/proto/google";
 *
 * const bytes = Duration.encode(Duration.create({ seconds: 90n }));
 * assertEquals(bytes, Uint8Array.of(8, 90));
 * assertEquals(Duration.decode(bytes).seconds, 90n);
 * assertEquals(Duration.toJson({ seconds: 1n, nanos: 500_000_000 }), "1.500s");
 * try {
 *   Duration.decode(Uint8Array.of(8));
 * } catch (error) {
 *   assertEquals(error instanceof DecodeError && error.code, "invalid_argument");
 * }
 * ```
 *
 * @module
 */

export { type ErrorCode, ServiceError, type ServiceErrorOptions } from "../../core/errors.ts";
export type {
  Idempotency,
  /** What a method needs of the type of a message: the codec alone. */
  MessageType as MethodMessageType,
  MethodInfo,
  MethodKind,
  Methods,
  ServiceInfo,
} from "../method.ts";
export { type EnumType, enumType } from "./enum_type.ts";
export { DecodeError } from "./errors.ts";
export {
  field,
  type FieldInfo,
  type FieldOptions,
  type FieldType,
  isMessage,
  type ScalarType,
} from "./field.ts";
export {
  closureOf,
  descriptorSet,
  type FileDefinition,
  type FileInfo,
  fileInfo,
  fileOf,
} from "./file.ts";
export type { FromJsonOptions, ToJsonOptions } from "./json_context.ts";
export type { JsonObject, JsonValue } from "./json_value.ts";
export { type MessageDefinition, type MessageType, messageType } from "./message_type.ts";
export { type OneofUnset, oneofUnset } from "./oneof.ts";
export { Reader } from "./reader.ts";
export { registryOf, type TypeRegistry, typeRegistry } from "./registry.ts";
export type { Keeper } from "./unknown_fields.ts";
export { Writer } from "./writer.ts";
