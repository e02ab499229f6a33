/**
 * What a message type says of its fields: enough for JSON and for tools.
 *
 * @module
 */

import type { EnumType } from "./enum_type.ts";
import type { MessageType } from "./message_type.ts";

/** The scalar types of protobuf. */
export type ScalarType =
  | "double"
  | "float"
  | "int32"
  | "int64"
  | "uint32"
  | "uint64"
  | "sint32"
  | "sint64"
  | "fixed32"
  | "fixed64"
  | "sfixed32"
  | "sfixed64"
  | "bool"
  | "string"
  | "bytes";

/** Type of a field, of the elements of a list, or of the values of a map. */
export type FieldType = ScalarType | EnumType | MessageType<object>;

/** Choices of {@link field}. */
export interface FieldOptions {
  /** A list. @default {false} */
  repeated?: boolean;
  /** A map with keys of this type. @default {no map} */
  map?: ScalarType;
  /** Whether an unset field differs from one that is zero. @default {true for messages} */
  presence?: boolean;
  /** Property of the `oneof` that the field belongs to. @default {none} */
  oneof?: string;
  /** Property of the message, or case of the oneof. @default {the name in lowerCamel} */
  key?: string;
  /** Name in JSON. @default {the name in lowerCamel} */
  jsonName?: string;
}

/** A field of a message type. */
export interface FieldInfo {
  /** Number on the wire. */
  readonly number: number;
  /** Name as declared. */
  readonly name: string;
  /** Name in JSON. */
  readonly jsonName: string;
  /** Property of the message, or case of the oneof. */
  readonly key: string;
  /** Type of the value, of the elements of a list, or of the values of a map. */
  readonly type: FieldType;
  /** Whether it is a list. */
  readonly repeated: boolean;
  /** Type of the keys of a map. */
  readonly map: ScalarType | undefined;
  /** Whether an unset field differs from one that is zero. */
  readonly presence: boolean;
  /** Property of the `oneof` that the field belongs to. */
  readonly oneof: string | undefined;
}

/** Describes a field. Generated code calls it. */
export function field(
  number: number,
  name: string,
  type: FieldType,
  options: FieldOptions = {},
): FieldInfo {
  const { repeated = false, map, oneof } = options;
  const camel = lowerCamel(name);
  const { presence = isMessage(type) && !repeated && map === undefined } = options;
  const { key = camel, jsonName = camel } = options;
  return { number, name, jsonName, key, type, repeated, map, presence, oneof };
}

/** Whether a field type is a message. */
export function isMessage(type: FieldType): type is MessageType<object> {
  return typeof type === "object" && "fields" in type;
}

/**
 * The JSON name of a field: underscores vanish, and the letter behind each becomes a capital.
 *
 * @see https://protobuf.dev/programming-guides/json/
 */
export function lowerCamel(name: string): string {
  return name.replace(/_+(.?)/g, (_, letter: string) => letter.toUpperCase());
}
