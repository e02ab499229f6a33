/**
 * Scalars in the JSON of proto3.
 *
 * @module
 */

import { base64ToBytes, bytesToBase64 } from "./base64.ts";
import type { ScalarType } from "./field.ts";
import { JsonFault } from "./json_context.ts";
import { exactText, type JsonValue, kindOf, MINUS_ZERO } from "./json_value.ts";

/** A scalar of a message. */
export type Scalar = number | bigint | boolean | string | Uint8Array;

/** Whether values of a type are in JSON what they are in messages. */
export function isAlike(type: ScalarType): boolean {
  return type === "string" || type === "bool" || INT32.has(type) || UINT32.has(type);
}

const INT32: ReadonlySet<ScalarType> = new Set(["int32", "sint32", "sfixed32"]);
const UINT32: ReadonlySet<ScalarType> = new Set(["uint32", "fixed32"]);
const UINT64: ReadonlySet<ScalarType> = new Set(["uint64", "fixed64"]);

/** What writes scalars of a type. */
export function scalarWriter(type: ScalarType): (value: unknown) => JsonValue {
  if (isAlike(type)) return (value) => value as JsonValue;
  switch (type) {
    case "bytes":
      return (value) => bytesToBase64(value as Uint8Array);
    case "double":
      return (value) => numberToJson(value as number);
    case "float":
      return (value) => numberToJson(shortFloat(value as number));
    default:
      return (value) => String(value);
  }
}

function numberToJson(value: number): JsonValue {
  if (value === 0) return Object.is(value, -0) ? MINUS_ZERO : 0;
  return Number.isFinite(value) ? value : String(value);
}

/** The shortest decimal number that is this one in 32 bits. */
function shortFloat(value: number): number {
  // Whole numbers of up to 24 bits are short as they are.
  if ((value & 0xffffff) === value) return value;
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** What reads scalars of a type; of a `lenient` one booleans may be text. */
export function scalarReader(type: ScalarType, lenient = false): (value: JsonValue) => Scalar {
  switch (type) {
    case "bool":
      return lenient ? lenientBool : strictBool;
    case "string":
      return readString;
    case "bytes":
      return readBytes;
    case "float":
    case "double":
      return (value) => floatFromJson(type, value);
    default:
      return integerReader(type);
  }
}

function integerReader(type: ScalarType): (value: JsonValue) => number | bigint {
  if (INT32.has(type)) {
    const range = [-(2n ** 31n), 2n ** 31n - 1n] as const;
    return (value) => {
      if (typeof value === "number" && (value | 0) === value) return value | 0;
      return Number(integerFromJson(type, value, range));
    };
  }
  if (UINT32.has(type)) {
    const range = [0n, 2n ** 32n - 1n] as const;
    return (value) => {
      if (typeof value === "number" && (value >>> 0) === value) return value >>> 0;
      return Number(integerFromJson(type, value, range));
    };
  }
  const range = UINT64.has(type)
    ? [0n, 2n ** 64n - 1n] as const
    : [-(2n ** 63n), 2n ** 63n - 1n] as const;
  return (value) => integerFromJson(type, value, range);
}

function strictBool(value: JsonValue): boolean {
  if (typeof value === "boolean") return value;
  throw mismatch("bool", value);
}

function lenientBool(value: JsonValue): boolean {
  return value === "true" || value !== "false" && strictBool(value);
}

function readString(value: JsonValue): string {
  if (typeof value === "string" && value.isWellFormed()) return value;
  throw mismatch("string", value);
}

function readBytes(value: JsonValue): Uint8Array {
  if (typeof value !== "string") throw mismatch("bytes", value);
  try {
    return base64ToBytes(value);
  } catch {
    throw new JsonFault("text that is not base64");
  }
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const INTEGER = /^-?(?:0|[1-9]\d{0,20})$/;

function floatFromJson(type: "float" | "double", value: JsonValue): number {
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  const given = exactText(value) ?? value;
  const isNumber = typeof given === "number" || typeof given === "string" && NUMBER.test(given);
  if (!isNumber) throw mismatch(type, value);
  const number = type === "float" ? Math.fround(Number(given)) : Number(given);
  if (!Number.isFinite(number)) throw new JsonFault(`${given} is no ${type}`);
  return number;
}

function integerFromJson(
  type: ScalarType,
  value: JsonValue,
  [min, max]: readonly [bigint, bigint],
): bigint {
  const integer = parseInteger(exactText(value) ?? value);
  if (integer === undefined) {
    throw typeof value === "number"
      ? new JsonFault(`need ${type}, got ${value}`)
      : mismatch(type, value);
  }
  if (integer < min || integer > max) throw new JsonFault(`${integer} is no ${type}`);
  return integer;
}

function parseInteger(value: JsonValue): bigint | undefined {
  if (typeof value === "string") {
    if (INTEGER.test(value)) return BigInt(value);
    if (!NUMBER.test(value)) return undefined;
    value = Number(value);
  }
  return typeof value === "number" && Number.isInteger(value) ? BigInt(value) : undefined;
}

function mismatch(type: ScalarType, value: JsonValue): JsonFault {
  return new JsonFault(`need ${type}, got ${kindOf(value)}`);
}

/** What reads keys of a map from the names of properties. */
export function mapKeyReader(type: ScalarType): (name: string) => Scalar {
  return scalarReader(type, true);
}
