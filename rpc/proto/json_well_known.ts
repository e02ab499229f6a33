/**
 * The well-known types, whose JSON is not an object of their fields.
 *
 * @module
 */

import { type FieldInfo, isMessage } from "./field.ts";
import { readAny, writeAny } from "./json_any.ts";
import type { ReadContext, WriteContext } from "./json_context.ts";
import { readFieldMask, writeFieldMask } from "./json_field_mask.ts";
import { scalarFromJson, scalarToJson } from "./json_scalar.ts";
import {
  durationFromJson,
  durationToJson,
  type SecondsAndNanos,
  timestampFromJson,
  timestampToJson,
} from "./json_time.ts";
import { isJsonObject, type JsonValue, kindOf, setProperty } from "./json_value.ts";
import type { AnyMessage, MessageType } from "./message_type.ts";

/** The JSON of one type. */
export interface WellKnown {
  /** A message from JSON. */
  read(type: MessageType<object>, value: JsonValue, context: ReadContext): object;
  /** A message as JSON. */
  write(type: MessageType<object>, message: AnyMessage, context: WriteContext): JsonValue;
}

/** Generated code gives these messages these fields. */
const timeOf = (message: AnyMessage) => message as AnyMessage & SecondsAndNanos;
const create = (type: MessageType<object>, fields: object) => type.create(fields);

const timestamp: WellKnown = {
  read: (type, value, context) => create(type, timestampFromJson(value, context)),
  write: (_, message, context) => timestampToJson(timeOf(message), context),
};

const duration: WellKnown = {
  read: (type, value, context) => create(type, durationFromJson(value, context)),
  write: (_, message, context) => durationToJson(timeOf(message), context),
};

const fieldMask: WellKnown = {
  read: (type, value, context) => create(type, { paths: readFieldMask(value, context) }),
  write: (_, message, context) => writeFieldMask(message["paths"] as string[], context),
};

const wrapper: WellKnown = {
  read: (type, value, context) => {
    const scalar = type.fields[0]!.type;
    if (typeof scalar !== "string") throw new TypeError("Cannot read wrapper: it holds a message");
    return create(type, { value: scalarFromJson(scalar, value, context) });
  },
  write: (type, message) => {
    const scalar = type.fields[0]!.type;
    if (typeof scalar !== "string") throw new TypeError("Cannot write wrapper: it holds a message");
    return scalarToJson(scalar, message["value"]);
  },
};

const struct: WellKnown = {
  read: (type, value, context) => {
    if (!isJsonObject(value)) throw context.readFault(`need object, got ${kindOf(value)}`);
    const fields = new Map<string, object>();
    for (const key of Object.keys(value)) {
      context.enter(key);
      fields.set(key, readInner(type.fields[0]!, value[key]!, context));
      context.leave();
    }
    return create(type, { fields });
  },
  write: (type, message, context) => {
    const json: { [key: string]: JsonValue } = {};
    for (const [key, value] of message["fields"] as Map<string, AnyMessage>) {
      context.enter(key);
      setProperty(json, key, writeInner(type.fields[0]!, value, context));
      context.leave();
    }
    return json;
  },
};

const listValue: WellKnown = {
  read: (type, value, context) => {
    if (!Array.isArray(value)) throw context.readFault(`need array, got ${kindOf(value)}`);
    const values = value.map((item: JsonValue, index) => {
      context.enter(index);
      const message = readInner(type.fields[0]!, item, context);
      context.leave();
      return message;
    });
    return create(type, { values });
  },
  write: (type, message, context) =>
    (message["values"] as AnyMessage[]).map((item, index) => {
      context.enter(index);
      const json = writeInner(type.fields[0]!, item, context);
      context.leave();
      return json;
    }),
};

const value: WellKnown = {
  read: (type, value, context) => {
    const field = (key: string) => type.fields.find((field) => field.key === key)!;
    const kind = (key: string, value: unknown) => create(type, { kind: { case: key, value } });
    if (value === null) return kind("nullValue", 0);
    if (typeof value === "boolean") return kind("boolValue", value);
    if (typeof value === "number") return kind("numberValue", value);
    if (typeof value === "string") {
      return kind("stringValue", scalarFromJson("string", value, context));
    }
    return Array.isArray(value)
      ? kind("listValue", readInner(field("listValue"), value, context))
      : kind("structValue", readInner(field("structValue"), value, context));
  },
  write: (type, message, context) => {
    const kind = message["kind"] as { case: string | undefined; value?: unknown };
    switch (kind.case) {
      case "nullValue":
        return null;
      case "numberValue":
        if (Number.isFinite(kind.value)) return kind.value as number;
        throw context.writeFault(`${kind.value} is no value of JSON`);
      case "boolValue":
      case "stringValue":
        return kind.value as boolean | string;
      case "listValue":
      case "structValue": {
        const field = type.fields.find(({ key }) => key === kind.case)!;
        return writeInner(field, kind.value as AnyMessage, context);
      }
      default:
        throw context.writeFault("a google.protobuf.Value without a kind");
    }
  },
};

/** A message of the type of `field`. */
function readInner({ type }: FieldInfo, json: JsonValue, context: ReadContext): object {
  if (!isMessage(type)) throw new TypeError("Cannot read message: the field holds none");
  return context.read(type, json, context);
}

function writeInner({ type }: FieldInfo, message: AnyMessage, context: WriteContext): JsonValue {
  if (!isMessage(type)) throw new TypeError("Cannot write message: the field holds none");
  return context.write(type, message, context);
}

const WRAPPERS = [
  "Double",
  "Float",
  "Int64",
  "UInt64",
  "Int32",
  "UInt32",
  "Bool",
  "String",
  "Bytes",
];

/** By full name of the type. */
export const WELL_KNOWN: ReadonlyMap<string, WellKnown> = new Map<string, WellKnown>([
  ["google.protobuf.Timestamp", timestamp],
  ["google.protobuf.Duration", duration],
  ["google.protobuf.FieldMask", fieldMask],
  ["google.protobuf.Struct", struct],
  ["google.protobuf.Value", value],
  ["google.protobuf.ListValue", listValue],
  ["google.protobuf.Any", { read: readAny, write: writeAny }],
  ...WRAPPERS.map((name) => [`google.protobuf.${name}Value`, wrapper] as const),
]);
