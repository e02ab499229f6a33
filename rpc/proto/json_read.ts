/**
 * Messages from the JSON of proto3.
 *
 * @module
 * @see https://protobuf.dev/programming-guides/json/
 */

import type { EnumType } from "./enum_type.ts";
import type { FieldInfo, FieldType } from "./field.ts";
import { isMessage } from "./field.ts";
import { type FromJsonOptions, ReadContext } from "./json_context.ts";
import { mapKeyFromJson, scalarFromJson } from "./json_scalar.ts";
import { isJsonObject, type JsonValue, kindOf } from "./json_value.ts";
import { WELL_KNOWN } from "./json_well_known.ts";
import type { AnyMessage, MessageType } from "./message_type.ts";

/** A message from JSON. */
export function messageFromJson<T extends object>(
  type: MessageType<T>,
  value: JsonValue,
  options: FromJsonOptions = {},
): T {
  const anyType = type as MessageType<object>;
  // What reads fields of a type makes messages of it.
  return readMessage(anyType, value, new ReadContext(anyType, options, readMessage)) as T;
}

/** A message inside others from JSON. */
function readMessage(
  type: MessageType<object>,
  value: JsonValue,
  context: ReadContext,
): object {
  context.open();
  const special = WELL_KNOWN.get(type.typeName);
  const message = special === undefined
    ? readFields(type, value, context)
    : special.read(type, value, context);
  context.close();
  return message;
}

const indexes = new WeakMap<MessageType<object>, Map<string, FieldInfo>>();

/** Fields by both names. */
function indexOf(type: MessageType<object>): Map<string, FieldInfo> {
  let index = indexes.get(type);
  if (index === undefined) {
    index = new Map(type.fields.map((field) => [field.name, field]));
    for (const field of type.fields) index.set(field.jsonName, field);
    indexes.set(type, index);
  }
  return index;
}

/** A message from an object of its fields. */
function readFields(
  type: MessageType<object>,
  value: JsonValue,
  context: ReadContext,
): object {
  if (!isJsonObject(value)) throw context.readFault(`need object, got ${kindOf(value)}`);
  const message = type.create() as AnyMessage;
  const index = indexOf(type);
  for (const name of Object.keys(value)) {
    const field = index.get(name);
    if (field === undefined) {
      if (context.options.ignoreUnknown) continue;
      throw context.readFault(`unknown field ${JSON.stringify(name)}`);
    }
    context.enter(name);
    // Both names of a field may be there.
    if (name !== field.name && Object.hasOwn(value, field.name)) {
      throw context.readFault("the field is there twice");
    }
    readField(field, value[name]!, message, context);
    context.leave();
  }
  return message;
}

function readField(
  field: FieldInfo,
  value: JsonValue,
  message: AnyMessage,
  context: ReadContext,
): void {
  const { key, type, repeated, map, oneof } = field;
  if (value === null && (repeated || map !== undefined || !takesNull(type))) return;
  if (map !== undefined) {
    return readMap(field, value, message[key] as Map<unknown, unknown>, context);
  }
  if (repeated) return readList(type, value, message[key] as unknown[], context);
  const read = readValue(type, value, context);
  if (read === undefined) return;
  if (oneof === undefined) {
    message[key] = read;
    return;
  }
  const before = message[oneof] as { case: string | undefined };
  if (before.case !== undefined) throw context.readFault(`${before.case} of the same oneof is set`);
  message[oneof] = { case: key, value: read };
}

/** Whether `null` is a value, and not the absence of one. */
function takesNull(type: FieldType): boolean {
  return typeof type !== "string" &&
    (type.typeName === "google.protobuf.Value" || type.typeName === "google.protobuf.NullValue");
}

function readList(type: FieldType, value: JsonValue, into: unknown[], context: ReadContext): void {
  if (!Array.isArray(value)) throw context.readFault(`need array, got ${kindOf(value)}`);
  for (const [index, item] of (value as readonly JsonValue[]).entries()) {
    context.enter(index);
    const read = readValue(type, item, context);
    if (read !== undefined) into.push(read);
    context.leave();
  }
}

function readMap(
  { type, map }: FieldInfo,
  value: JsonValue,
  into: Map<unknown, unknown>,
  context: ReadContext,
): void {
  if (!isJsonObject(value)) throw context.readFault(`need object, got ${kindOf(value)}`);
  for (const name of Object.keys(value)) {
    context.enter(name);
    const key = mapKeyFromJson(map!, name, context);
    if (into.has(key)) throw context.readFault("the key is there twice");
    const read = readValue(type, value[name]!, context);
    if (read !== undefined) into.set(key, read);
    context.leave();
  }
}

/** A value; `undefined` for the name of an enum that is to be skipped. */
function readValue(type: FieldType, value: JsonValue, context: ReadContext): unknown {
  if (typeof type === "string") return scalarFromJson(type, value, context);
  return isMessage(type) ? readMessage(type, value, context) : readEnum(type, value, context);
}

function readEnum(type: EnumType, value: JsonValue, context: ReadContext): number | undefined {
  if (value === null && type.typeName === "google.protobuf.NullValue") return 0;
  if (typeof value === "string") {
    const number = type.numberOf(value);
    if (number !== undefined) return number;
    if (context.options.ignoreUnknown && !/^-?\d/.test(value)) return undefined;
  }
  if (typeof value === "number") return scalarFromJson("int32", value, context) as number;
  const given = typeof value === "string" ? JSON.stringify(value) : kindOf(value);
  throw context.readFault(`need ${type.typeName}, got ${given}`);
}
