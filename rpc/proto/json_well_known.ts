/**
 * The well-known types, whose JSON is not an object of their fields.
 *
 * @module
 */

import { type FieldType, isMessage } from "./field.ts";
import { anyReader, anyWriter } from "./json_any.ts";
import { type JsonContext, JsonFault, within } from "./json_context.ts";
import { readFieldMask, writeFieldMask } from "./json_field_mask.ts";
import {
  durationFromJson,
  durationToJson,
  type SecondsAndNanos,
  timestampFromJson,
  timestampToJson,
} from "./json_time.ts";
import { exactText, isJsonObject, type JsonValue, kindOf, setProperty } from "./json_value.ts";
import type { AnyMessage, MessageType } from "./message_type.ts";

type Read = (value: JsonValue, context: JsonContext) => unknown;
type Write = (value: unknown, context: JsonContext) => JsonValue;

/** The JSON of one type. What is asked for further types answers with their plans, for the same options. */
export interface WellKnown {
  /** What reads messages of this type. */
  reader(type: MessageType<object>, of: (type: FieldType) => Read): Read;
  /** What writes messages of this type. */
  writer(type: MessageType<object>, of: (type: FieldType) => Write): Write;
}

const timestamp: WellKnown = {
  reader: (type) => (value) => type.create(timestampFromJson(value)),
  writer: () => (message) => timestampToJson(message as SecondsAndNanos),
};

const duration: WellKnown = {
  reader: (type) => (value) => type.create(durationFromJson(value)),
  writer: () => (message) => durationToJson(message as SecondsAndNanos),
};

const fieldMask: WellKnown = {
  reader: (type) => (value) => type.create({ paths: readFieldMask(value) } as object),
  writer: () => (message) => writeFieldMask((message as { paths: string[] }).paths),
};

const wrapper: WellKnown = {
  reader(type, of) {
    const read = of(type.fields[0]!.type);
    return (value, context) => type.create({ value: read(value, context) } as object);
  },
  writer(type, of) {
    const write = of(type.fields[0]!.type);
    return (message, context) => write((message as AnyMessage)["value"], context);
  },
};

const struct: WellKnown = {
  reader(type, of) {
    const read = of(type.fields[0]!.type);
    return (value, context) => {
      if (!isJsonObject(value)) throw new JsonFault(`need object, got ${kindOf(value)}`);
      context.open();
      const fields = new Map<string, unknown>();
      for (const key of Object.keys(value)) {
        try {
          fields.set(key, read(value[key]!, context));
        } catch (thrown) {
          throw within(thrown, key);
        }
      }
      context.close();
      return type.create({ fields } as object);
    };
  },
  writer(type, of) {
    const write = of(type.fields[0]!.type);
    return (message, context) => {
      context.open();
      const json: { [key: string]: JsonValue } = {};
      for (const [key, value] of (message as { fields: Map<string, unknown> }).fields) {
        try {
          setProperty(json, key, write(value, context));
        } catch (thrown) {
          throw within(thrown, key);
        }
      }
      context.close();
      return json;
    };
  },
};

const listValue: WellKnown = {
  reader(type, of) {
    const read = of(type.fields[0]!.type);
    return (value, context) => {
      if (!Array.isArray(value)) throw new JsonFault(`need array, got ${kindOf(value)}`);
      context.open();
      const values = each(value, (item: JsonValue) => read(item, context));
      context.close();
      return type.create({ values } as object);
    };
  },
  writer(type, of) {
    const write = of(type.fields[0]!.type);
    return (message, context) => {
      context.open();
      const json = each((message as { values: unknown[] }).values, (item) => write(item, context));
      context.close();
      return json;
    };
  },
};

function each<I, O>(items: readonly I[], convert: (item: I) => O): O[] {
  return items.map((item, at) => {
    try {
      return convert(item);
    } catch (thrown) {
      throw within(thrown, at);
    }
  });
}

const value: WellKnown = {
  reader(type, of) {
    const inner = (key: string) => of(type.fields.find((field) => field.key === key)!.type);
    const [readText, readList, readStruct] = ["stringValue", "listValue", "structValue"].map(inner);
    const kind = (key: string, value: unknown) =>
      type.create({ kind: { case: key, value } } as object);
    return (value, context) => {
      if (value === null) return kind("nullValue", 0);
      if (typeof value === "boolean") return kind("boolValue", value);
      if (typeof value === "number") return kind("numberValue", value);
      if (typeof value === "string") return kind("stringValue", readText!(value, context));
      if (Array.isArray(value)) return kind("listValue", readList!(value, context));
      const number = exactText(value);
      if (number !== undefined) return kind("numberValue", Number(number));
      return kind("structValue", readStruct!(value, context));
    };
  },
  writer(type, of) {
    const inner = new Map(type.fields.map((field) => [field.key, of(field.type)]));
    return (message, context) => {
      const { kind } = message as { kind: { case: string | undefined; value?: unknown } };
      if (kind.case === undefined) throw new JsonFault("a google.protobuf.Value without a kind");
      if (kind.case === "numberValue" && !Number.isFinite(kind.value)) {
        throw new JsonFault(`${kind.value} is no value of JSON`);
      }
      return inner.get(kind.case)!(kind.value, context);
    };
  },
};

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
  ["google.protobuf.Any", { reader: anyReader, writer: anyWriter }],
  ...WRAPPERS.map((name) => [`google.protobuf.${name}Value`, wrapper] as const),
]);

const ANY_JSON = /^google\.protobuf\.(?:Any|ListValue|Struct|Value)$/;

/** Whether values of a type are JSON of any kind, lists too. */
export function holdsJson(type: FieldType): boolean {
  return isMessage(type) && ANY_JSON.test(type.typeName);
}
