/**
 * Messages as the JSON of proto3.
 *
 * @module
 * @see https://protobuf.dev/programming-guides/json/
 */

import type { FieldInfo, FieldType } from "./field.ts";
import { isMessage } from "./field.ts";
import { type ToJsonOptions, WriteContext } from "./json_context.ts";
import { scalarToJson } from "./json_scalar.ts";
import { type JsonValue, setProperty } from "./json_value.ts";
import { WELL_KNOWN } from "./json_well_known.ts";
import type { AnyMessage, MessageType } from "./message_type.ts";

/** A message as JSON. */
export function messageToJson<T extends object>(
  type: MessageType<T>,
  message: T,
  options: ToJsonOptions = {},
): JsonValue {
  // The type of a message is known by its fields from here on.
  const anyType = type as MessageType<object>;
  return writeMessage(anyType, message, new WriteContext(anyType, options, writeMessage));
}

/** A message inside others as JSON. */
function writeMessage(
  type: MessageType<object>,
  message: object,
  context: WriteContext,
): JsonValue {
  return context.nested(() => {
    const special = WELL_KNOWN.get(type.typeName);
    if (special !== undefined) return special.write(type, message as AnyMessage, context);
    return writeFields(type, message as AnyMessage, context);
  });
}

/** The fields of a message as an object. */
function writeFields(
  type: MessageType<object>,
  message: AnyMessage,
  context: WriteContext,
): { [key: string]: JsonValue } {
  const json: { [key: string]: JsonValue } = {};
  for (const field of type.fields) {
    const value = valueOf(field, message);
    if (value === undefined || (!context.options.emitDefaults && isDefault(field, value))) continue;
    const name = context.options.protoNames ? field.name : field.jsonName;
    setProperty(json, name, context.within(field.name, () => writeField(field, value, context)));
  }
  return json;
}

/** Value of a field; `undefined` when it is not set. */
function valueOf({ key, oneof }: FieldInfo, message: AnyMessage): unknown {
  if (oneof === undefined) return message[key];
  const chosen = message[oneof] as { case: string | undefined; value?: unknown };
  return chosen.case === key ? chosen.value : undefined;
}

function isDefault({ presence, oneof, repeated, map }: FieldInfo, value: unknown): boolean {
  if (map !== undefined) return (value as Map<unknown, unknown>).size === 0;
  if (repeated) return (value as unknown[]).length === 0;
  if (presence || oneof !== undefined) return false;
  return value instanceof Uint8Array
    ? value.length === 0
    : Object.is(value, 0) || value === 0n || value === false || value === "";
}

function writeField({ type, repeated, map }: FieldInfo, value: unknown, context: WriteContext) {
  if (map !== undefined) {
    const json: { [key: string]: JsonValue } = {};
    for (const [key, item] of value as Map<unknown, unknown>) {
      const name = String(key);
      setProperty(json, name, context.within(name, () => writeValue(type, item, context)));
    }
    return json;
  }
  if (!repeated) return writeValue(type, value, context);
  return (value as unknown[]).map((item, index) =>
    context.within(index, () => writeValue(type, item, context))
  );
}

function writeValue(type: FieldType, value: unknown, context: WriteContext): JsonValue {
  if (typeof type === "string") return scalarToJson(type, value);
  if (isMessage(type)) return writeMessage(type, value as object, context);
  if (type.typeName === "google.protobuf.NullValue") return null;
  const number = value as number;
  return context.options.enumNumbers ? number : type.nameOf(number) ?? number;
}
