/**
 * How fields are added to an object of JSON.
 *
 * @module
 */

import type { FieldType } from "./field.ts";
import { type JsonContext, within } from "./json_context.ts";
import { isAlike } from "./json_scalar.ts";
import { type JsonValue, setProperty } from "./json_value.ts";
import type { AnyMessage } from "./message_type.ts";

/** Writes a value: a scalar, the number of an enum, a message. */
export type ValueWriter = (value: unknown, context: JsonContext) => JsonValue;

/** An object of JSON that is being made. */
export type Draft = { [name: string]: JsonValue };

/** Adds a field of a message to an object, if it is to be there. */
export type FieldWriter = (message: AnyMessage, json: Draft, context: JsonContext) => void;

/** Whether values of a type are in JSON what they are in messages. */
export function isCopied(type: FieldType): boolean {
  return typeof type === "string" && isAlike(type);
}

/** For a field that is written when it is set; without `write` as it is. */
export function presentWriter(
  key: string,
  name: string,
  write: ValueWriter | undefined,
): FieldWriter {
  if (write === undefined) {
    return (message, json) => {
      const value = message[key];
      if (value !== undefined) json[name] = value as JsonValue;
    };
  }
  return (message, json, context) => {
    const value = message[key];
    if (value !== undefined) json[name] = write(value, context);
  };
}

/** For a message that is written as `null` when it is not set. */
export function nullableWriter(key: string, name: string, write: ValueWriter): FieldWriter {
  return (message, json, context) => {
    const value = message[key];
    json[name] = value === undefined ? null : write(value, context);
  };
}

/** For a field that is written unless it is zero. */
export function nonZeroWriter(
  key: string,
  name: string,
  type: FieldType,
  write: ValueWriter,
): FieldWriter {
  // The compiler learns from each of these by itself, so there is one for each kind.
  if (type === "string") {
    return (message, json) => {
      const value = message[key] as string | undefined;
      if (value !== "" && value !== undefined) json[name] = value;
    };
  }
  if (type === "bool") {
    return (message, json) => {
      if (message[key]) json[name] = true;
    };
  }
  if (isCopied(type)) {
    return (message, json) => {
      const value = message[key] as number | undefined;
      if (value !== 0 && value !== undefined) json[name] = value;
    };
  }
  return (message, json, context) => {
    const value = message[key];
    // Minus zero is not the default.
    if (value === undefined || value === 0n || value === 0 && !Object.is(value, -0)) return;
    json[name] = write(value, context);
  };
}

/** For bytes that are written unless there are none. */
export function bytesWriter(key: string, name: string, write: ValueWriter): FieldWriter {
  return (message, json, context) => {
    const value = message[key] as Uint8Array | undefined;
    if (value !== undefined && value.length > 0) json[name] = write(value, context);
  };
}

/** For a field of a oneof. */
export function oneofWriter(
  key: string,
  name: string,
  write: ValueWriter,
  oneof: string,
): FieldWriter {
  return (message, json, context) => {
    const chosen = message[oneof] as { case: string | undefined; value?: unknown };
    if (chosen.case === key) json[name] = write(chosen.value, context);
  };
}

/** For a list; without `write` its elements are written as they are. */
export function listWriter(
  key: string,
  name: string,
  write: ValueWriter | undefined,
  always: boolean,
): FieldWriter {
  return (message, json, context) => {
    const list = message[key] as unknown[] | undefined;
    if (list === undefined || list.length === 0 && !always) return;
    json[name] = write === undefined ? list.slice() as JsonValue[] : listOf(list, write, context);
  };
}

function listOf(list: readonly unknown[], write: ValueWriter, context: JsonContext): JsonValue[] {
  const json: JsonValue[] = [];
  let at = 0;
  try {
    for (; at < list.length; at++) json.push(write(list[at], context));
  } catch (thrown) {
    throw within(thrown, at);
  }
  return json;
}

/** For a map. */
export function mapWriter(
  key: string,
  name: string,
  write: ValueWriter,
  always: boolean,
): FieldWriter {
  return (message, json, context) => {
    const map = message[key] as ReadonlyMap<unknown, unknown> | undefined;
    if (map === undefined || map.size === 0 && !always) return;
    const object: Draft = {};
    for (const [each, value] of map) {
      const property = String(each);
      try {
        setProperty(object, property, write(value, context));
      } catch (thrown) {
        throw within(thrown, property);
      }
    }
    json[name] = object;
  };
}
