/**
 * Messages as the JSON of proto3.
 *
 * For each type and choice of options there is a plan, made with the first message: a function for each field, which knows
 * name, type and default.
 *
 * @module
 * @see https://protobuf.dev/programming-guides/json/
 */

import type { EnumType } from "./enum_type.ts";
import type { FieldInfo, FieldType } from "./field.ts";
import { isMessage } from "./field.ts";
import { JsonContext, JsonFault, type ToJsonOptions, within } from "./json_context.ts";
import {
  bytesWriter,
  type Draft,
  type FieldWriter,
  isCopied,
  listWriter,
  mapWriter,
  nonZeroWriter,
  nullableWriter,
  oneofWriter,
  presentWriter,
  type ValueWriter,
} from "./json_field_writer.ts";
import { scalarWriter } from "./json_scalar.ts";
import { type JsonValue, setProperty } from "./json_value.ts";
import { WELL_KNOWN } from "./json_well_known.ts";
import type { AnyMessage, MessageType } from "./message_type.ts";

const EMIT_DEFAULTS = 1;
const EMIT_NULLS = 2;
const PROTO_NAMES = 4;
const ENUM_NUMBERS = 8;

function flagsOf({ emitDefaults, emitNulls, protoNames, enumNumbers }: ToJsonOptions): number {
  return (emitDefaults ? EMIT_DEFAULTS : 0) | (emitNulls ? EMIT_NULLS : 0) |
    (protoNames ? PROTO_NAMES : 0) | (enumNumbers ? ENUM_NUMBERS : 0);
}

/** What writes messages of a type. */
export function jsonWriter<T extends object>(
  type: MessageType<T>,
): (message: T, options?: ToJsonOptions) => JsonValue {
  // The type of a message is known by its fields from here on.
  const anyType = type as MessageType<object>;
  let usual: ValueWriter | undefined;
  const usualContext = new JsonContext(anyType, undefined);
  return (message, options) => {
    const write = options === undefined
      ? usual ??= writerOf(anyType, 0)
      : writerOf(anyType, flagsOf(options));
    const context = options === undefined
      ? usualContext
      : new JsonContext(anyType, options.registry);
    const { depth } = context;
    try {
      return write(message, context);
    } catch (thrown) {
      context.depth = depth;
      if (!(thrown instanceof JsonFault)) throw thrown;
      throw new RangeError(`Cannot write ${type.typeName} as JSON: ${thrown.told}`);
    }
  };
}

const plans = new WeakMap<MessageType<object>, ValueWriter[]>();

/** The plan of a type. */
function writerOf(type: MessageType<object>, flags: number): ValueWriter {
  let made = plans.get(type);
  if (made === undefined) plans.set(type, made = []);
  return made[flags] ??=
    WELL_KNOWN.get(type.typeName)?.writer(type, (of) => valueWriter(of, flags)) ??
      messageWriter(type, flags);
}

function messageWriter(type: MessageType<object>, flags: number): ValueWriter {
  const names = type.fields.map(({ name }) => name);
  const fields = type.fields.map((field) =>
    safely(fieldWriter(field, flags), nameOf(field, flags))
  );
  // What holds no messages is not too deep, and has nothing else that JSON could not say.
  return type.fields.some(({ type }) => isMessage(type))
    ? nestingWriter(fields, names)
    : flatWriter(fields);
}

function flatWriter(fields: readonly FieldWriter[]): ValueWriter {
  return (message, context) => {
    const json: Draft = {};
    for (let at = 0; at < fields.length; at++) fields[at]!(message as AnyMessage, json, context);
    return json;
  };
}

function nestingWriter(fields: readonly FieldWriter[], names: readonly string[]): ValueWriter {
  return (message, context) => {
    context.open();
    const json: Draft = {};
    let at = 0;
    try {
      for (; at < fields.length; at++) fields[at]!(message as AnyMessage, json, context);
    } catch (thrown) {
      throw within(thrown, names[at]!);
    }
    context.close();
    return json;
  };
}

function nameOf({ name, jsonName }: FieldInfo, flags: number): string {
  return (flags & PROTO_NAMES) !== 0 ? name : jsonName;
}

/** A property of this name could otherwise not be set. */
function safely(write: FieldWriter, name: string): FieldWriter {
  if (name !== "__proto__") return write;
  return (message, json, context) => {
    const apart: Draft = Object.create(null);
    write(message, apart, context);
    if (name in apart) setProperty(json, name, apart[name]!);
  };
}

function fieldWriter(field: FieldInfo, flags: number): FieldWriter {
  const { key, type, oneof, presence } = field;
  const name = nameOf(field, flags);
  const write = valueWriter(type, flags);
  const always = (flags & EMIT_DEFAULTS) !== 0;
  if (field.map !== undefined) return mapWriter(key, name, write, always);
  if (field.repeated) return listWriter(key, name, isCopied(type) ? undefined : write, always);
  if (oneof !== undefined) return oneofWriter(key, name, write, oneof);
  if (presence || always) {
    return isMessage(type) && (flags & EMIT_NULLS) !== 0
      ? nullableWriter(key, name, write)
      : presentWriter(key, name, isCopied(type) ? undefined : write);
  }
  return type === "bytes" ? bytesWriter(key, name, write) : nonZeroWriter(key, name, type, write);
}

/** What writes values of a type. A message type may hold itself, so its plan is looked for when it is needed. */
function valueWriter(type: FieldType, flags: number): ValueWriter {
  if (typeof type === "string") return scalarWriter(type);
  if (!isMessage(type)) return enumWriter(type, flags);
  let write: ValueWriter | undefined;
  return (value, context) => (write ??= writerOf(type, flags))(value, context);
}

function enumWriter(type: EnumType, flags: number): ValueWriter {
  if (type.typeName === "google.protobuf.NullValue") return () => null;
  if ((flags & ENUM_NUMBERS) !== 0) return (value) => value as number;
  return (value) => type.nameOf(value as number) ?? value as number;
}
