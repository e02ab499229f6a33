/**
 * JSON as clients of gateways write it, made such that a message can be read from it.
 *
 * @module
 */

import { BadRequestError } from "../../../rest/errors.ts";
import { ExactNumber } from "../../../core/schema/exact_number.ts";
import type { EnumType } from "../../proto/enum_type.ts";
import { type FieldInfo, type FieldType, isMessage, type ScalarType } from "../../proto/field.ts";
import type { JsonValue } from "../../proto/json_value.ts";
import { WELL_KNOWN } from "../../proto/json_well_known.ts";
import type { MessageType } from "../../proto/message_type.ts";
import { draft, fieldNamed, type JsonDraft } from "./field_path.ts";

const WRAPPER = /^google\.protobuf\.\w+Value$/;
const ANY = "google.protobuf.Any";
const TAKES_ANYTHING = new Set([
  "google.protobuf.Struct",
  "google.protobuf.Value",
  "google.protobuf.ListValue",
  "google.protobuf.NullValue",
  ANY,
]);

/**
 * JSON for a message of `type`, where more is taken than the JSON of proto3 takes: fields that are not known are dropped; a
 * list for a single value is its last element, a single value for a list a list of one; numbers and booleans may be text, so may the
 * numbers of an enum. Fields come out under their JSON names. Numbers keep all digits.
 *
 * @throws {BadRequestError} If an enum has no such value.
 */
export function lenientJson(type: MessageType<object>, json: unknown): JsonValue {
  return message(type, json) as JsonValue;
}

function message(type: MessageType<object>, json: unknown): unknown {
  const { typeName } = type;
  // What an `Any` holds takes numbers as text, and may need all their digits.
  if (typeName === ANY) return plain(json, ({ text }) => text);
  if (TAKES_ANYTHING.has(typeName)) return plain(json);
  if (WRAPPER.test(typeName)) return value(type.fields[0]!.type, json, typeName);
  // What is no object is refused where the message is read.
  if (WELL_KNOWN.has(typeName) || !isRecord(json)) return plain(json);
  const result = draft();
  for (const name of Object.keys(json)) {
    const field = fieldNamed(type, name);
    if (field) result[field.jsonName] = fieldValue(field, json[name], typeName);
  }
  return result;
}

function fieldValue(field: FieldInfo, json: unknown, within: string): unknown {
  const { type, repeated, map } = field;
  const place = `${within}.${field.name}`;
  if (map !== undefined && isRecord(json)) {
    const result = draft();
    for (const key of Object.keys(json)) result[key] = value(type, json[key], place);
    return result;
  }
  if (json === null) return null;
  if (repeated) {
    return (Array.isArray(json) ? json : [json]).map((item) => value(type, item, place));
  }
  const isList = Array.isArray(json) && !(isMessage(type) && TAKES_ANYTHING.has(type.typeName));
  return isList ? value(type, json.at(-1) ?? null, place) : value(type, json, place);
}

function value(type: FieldType, json: unknown, place: string): unknown {
  if (typeof type === "string") return scalar(type, json);
  return isMessage(type) ? message(type, json) : enumValue(type, json, place);
}

function scalar(type: ScalarType, json: unknown): unknown {
  if (type === "bool" && (json === "true" || json === "false")) return json === "true";
  if (json instanceof ExactNumber) return type === "string" ? Number(json) : json.text;
  return plain(json);
}

function enumValue(type: EnumType, json: unknown, place: string): unknown {
  if (typeof json !== "string" || type.numberOf(json) !== undefined) return plain(json);
  if (/^-?\d+$/.test(json)) return Number(json);
  throw new BadRequestError(`Cannot read ${place}: ${type.typeName} has no such value`);
}

/** Numbers as JavaScript has them, unless told otherwise. */
function plain(json: unknown, number: (exact: ExactNumber) => unknown = Number): unknown {
  if (json instanceof ExactNumber) return number(json);
  if (Array.isArray(json)) return json.map((item) => plain(item, number));
  if (!isRecord(json)) return json;
  const result = draft();
  for (const key of Object.keys(json)) result[key] = plain(json[key], number);
  return result;
}

function isRecord(json: unknown): json is JsonDraft {
  return typeof json === "object" && json !== null && !Array.isArray(json) &&
    !(json instanceof ExactNumber);
}
