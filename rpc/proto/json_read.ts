/**
 * Messages from the JSON of proto3.
 *
 * For each type and choice of options there is a plan, made with the first message: a function for each name of a field, which
 * knows type and place.
 *
 * @module
 * @see https://protobuf.dev/programming-guides/json/
 */

import type { EnumType } from "./enum_type.ts";
import { DecodeError } from "./errors.ts";
import type { FieldInfo, FieldType } from "./field.ts";
import { isMessage } from "./field.ts";
import { type FromJsonOptions, JsonContext, JsonFault, within } from "./json_context.ts";
import { mapKeyReader, scalarReader } from "./json_scalar.ts";
import { isJsonObject, type JsonValue, kindOf } from "./json_value.ts";
import { holdsJson, WELL_KNOWN } from "./json_well_known.ts";
import type { AnyMessage, MessageType } from "./message_type.ts";

/** Reads a value: a scalar, the number of an enum, a message; `undefined` for an enum that is to be skipped. */
export type ValueReader = (value: JsonValue, context: JsonContext) => unknown;

/** Sets a field of a message to what a property says. */
type FieldReader = (message: AnyMessage, value: JsonValue, context: JsonContext) => void;

/** What becomes of a property. */
interface Property {
  readonly read: FieldReader;
  /** The name that the field has besides, which must not be there too. */
  readonly other: string | undefined;
}

const IGNORE_UNKNOWN = 1;
const LENIENT = 2;

/** What reads messages of a type. */
export function jsonReader<T extends object>(
  type: MessageType<T>,
): (value: JsonValue, options?: FromJsonOptions) => T {
  // What reads fields of a type makes messages of it.
  const anyType = type as MessageType<object>;
  return (value, options) => {
    const flags = (options?.ignoreUnknown ? IGNORE_UNKNOWN : 0) | (options?.lenient ? LENIENT : 0);
    try {
      return readerOf(anyType, flags)(value, new JsonContext(anyType, options?.registry)) as T;
    } catch (thrown) {
      if (!(thrown instanceof JsonFault)) throw thrown;
      throw new DecodeError(`Cannot read ${type.typeName} from JSON: ${thrown.told}`);
    }
  };
}

const plans = new WeakMap<MessageType<object>, ValueReader[]>();

/** The plan of a type. */
function readerOf(type: MessageType<object>, flags: number): ValueReader {
  let made = plans.get(type);
  if (made === undefined) plans.set(type, made = []);
  return made[flags] ??=
    WELL_KNOWN.get(type.typeName)?.reader(type, (of) => valueReader(of, flags)) ??
      messageReader(type, flags);
}

function messageReader(type: MessageType<object>, flags: number): ValueReader {
  const properties = new Map<string, Property>();
  for (const field of type.fields) {
    const { name, jsonName } = field;
    const read = fieldReader(field, flags);
    properties.set(name, { read, other: undefined });
    properties.set(jsonName, { read, other: name === jsonName ? undefined : name });
  }
  return (value, context) => {
    if (!isJsonObject(value)) throw new JsonFault(`need object, got ${kindOf(value)}`);
    context.open();
    const message = type.create() as AnyMessage;
    for (const name of Object.keys(value)) {
      const property = properties.get(name);
      if (property === undefined) {
        if (flags !== 0) continue;
        throw new JsonFault(`unknown field ${JSON.stringify(name)}`);
      }
      try {
        const { read, other } = property;
        if (other !== undefined && Object.hasOwn(value, other)) {
          throw new JsonFault("the field is there twice");
        }
        read(message, value[name]!, context);
      } catch (thrown) {
        throw within(thrown, name);
      }
    }
    context.close();
    return message;
  };
}

function fieldReader(field: FieldInfo, flags: number): FieldReader {
  const { key, type, repeated, map, oneof } = field;
  const read = valueReader(type, flags);
  const lenient = (flags & LENIENT) !== 0;
  if (map !== undefined) return mapFieldReader(key, mapKeyReader(map), read);
  if (repeated) return listFieldReader(key, read, lenient);
  const set = oneof === undefined ? plainReader(key, read) : oneofReader(key, read, oneof);
  const one = takesNull(type) ? set : unlessNull(set);
  return lenient && !holdsJson(type) ? lastOf(one) : one;
}

/** Whether `null` is a value, and not the absence of one. */
function takesNull(type: FieldType): boolean {
  return typeof type !== "string" &&
    (type.typeName === "google.protobuf.Value" || type.typeName === "google.protobuf.NullValue");
}

function unlessNull(read: FieldReader): FieldReader {
  return (message, value, context) => {
    if (value !== null) read(message, value, context);
  };
}

/** Takes the last element of a list for the value. */
function lastOf(read: FieldReader): FieldReader {
  return (message, value, context) =>
    read(message, Array.isArray(value) ? value.at(-1) ?? null : value, context);
}

function plainReader(key: string, read: ValueReader): FieldReader {
  return (message, value, context) => {
    const got = read(value, context);
    if (got !== undefined) message[key] = got;
  };
}

function oneofReader(key: string, read: ValueReader, oneof: string): FieldReader {
  return (message, value, context) => {
    const got = read(value, context);
    if (got === undefined) return;
    const before = message[oneof] as { case: string | undefined };
    if (before.case !== undefined) throw new JsonFault(`${before.case} of the same oneof is set`);
    message[oneof] = { case: key, value: got };
  };
}

function listFieldReader(key: string, read: ValueReader, lenient: boolean): FieldReader {
  return (message, value, context) => {
    if (value === null) return;
    const list: unknown = lenient && !Array.isArray(value) ? [value] : value;
    if (!Array.isArray(list)) throw new JsonFault(`need array, got ${kindOf(value)}`);
    const into = message[key] as unknown[];
    let at = 0;
    try {
      for (; at < list.length; at++) {
        const got = read(list[at], context);
        if (got !== undefined) into.push(got);
      }
    } catch (thrown) {
      throw within(thrown, at);
    }
  };
}

function mapFieldReader(
  key: string,
  readKey: (name: string) => unknown,
  read: ValueReader,
): FieldReader {
  return (message, value, context) => {
    if (value === null) return;
    if (!isJsonObject(value)) throw new JsonFault(`need object, got ${kindOf(value)}`);
    const into = message[key] as Map<unknown, unknown>;
    for (const name of Object.keys(value)) {
      try {
        const each = readKey(name);
        if (into.has(each)) throw new JsonFault("the key is there twice");
        const got = read(value[name]!, context);
        if (got !== undefined) into.set(each, got);
      } catch (thrown) {
        throw within(thrown, name);
      }
    }
  };
}

/** What reads values of a type. A message type may hold itself, so its plan is looked for when it is needed. */
function valueReader(type: FieldType, flags: number): ValueReader {
  if (typeof type === "string") return scalarReader(type, (flags & LENIENT) !== 0);
  if (!isMessage(type)) return enumReader(type, flags);
  let read: ValueReader | undefined;
  return (value, context) => (read ??= readerOf(type, flags))(value, context);
}

function enumReader(type: EnumType, flags: number): ValueReader {
  const readNumber = scalarReader("int32");
  const isNull = type.typeName === "google.protobuf.NullValue";
  return (value) => {
    if (value === null && isNull) return 0;
    if (typeof value !== "string") {
      if (kindOf(value) === "number") return readNumber(value);
    } else {
      const number = type.numberOf(value);
      if (number !== undefined) return number;
      const isNumber = /^-?\d/.test(value);
      if (isNumber && (flags & LENIENT) !== 0) return readNumber(value);
      if (!isNumber && flags === IGNORE_UNKNOWN) return undefined;
    }
    const given = typeof value === "string" ? JSON.stringify(value) : kindOf(value);
    throw new JsonFault(`need ${type.typeName}, got ${given}`);
  };
}
