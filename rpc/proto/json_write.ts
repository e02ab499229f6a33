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
  context.open();
  const special = WELL_KNOWN.get(type.typeName);
  const json = special === undefined
    ? writeFields(type, message as AnyMessage, context)
    : special.write(type, message as AnyMessage, context);
  context.close();
  return json;
}

/** The fields of a message as an object. */
function writeFields(
  type: MessageType<object>,
  message: AnyMessage,
  context: WriteContext,
): { [key: string]: JsonValue } {
  const { emitDefaults, protoNames } = context.options;
  const json: { [key: string]: JsonValue } = {};
  for (const field of type.fields) {
    const value = valueOf(field, message);
    if (value === undefined || (!emitDefaults && isDefault(field, value))) continue;
    context.enter(field.name);
    setProperty(json, protoNames ? field.name : field.jsonName, writeField(field, value, context));
    context.leave();
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
  switch (typeof value) {
    case "object":
      if (repeated) return (value as unknown[]).length === 0;
      if (map !== undefined) return (value as Map<unknown, unknown>).size === 0;
      return !presence && oneof === undefined && (value as Uint8Array).length === 0;
    case "string":
      return value === "" && !presence && oneof === undefined;
    case "number":
      // Minus zero is not the default.
      return Object.is(value, 0) && !presence && oneof === undefined;
    default:
      return (value === 0n || value === false) && !presence && oneof === undefined;
  }
}

function writeField(
  { type, repeated, map }: FieldInfo,
  value: unknown,
  context: WriteContext,
): JsonValue {
  if (map !== undefined) {
    const json: { [key: string]: JsonValue } = {};
    for (const [key, item] of value as Map<unknown, unknown>) {
      const name = String(key);
      context.enter(name);
      setProperty(json, name, writeValue(type, item, context));
      context.leave();
    }
    return json;
  }
  if (!repeated) return writeValue(type, value, context);
  const json: JsonValue[] = [];
  for (const item of value as unknown[]) {
    context.enter(json.length);
    json.push(writeValue(type, item, context));
    context.leave();
  }
  return json;
}

function writeValue(type: FieldType, value: unknown, context: WriteContext): JsonValue {
  if (typeof type === "string") return scalarToJson(type, value);
  if (isMessage(type)) return writeMessage(type, value as object, context);
  if (type.typeName === "google.protobuf.NullValue") return null;
  const number = value as number;
  return context.options.enumNumbers ? number : type.nameOf(number) ?? number;
}
