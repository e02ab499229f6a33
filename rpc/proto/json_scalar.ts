/**
 * Scalars in the JSON of proto3.
 *
 * @module
 */

import { base64ToBytes, bytesToBase64 } from "./base64.ts";
import type { ScalarType } from "./field.ts";
import type { ReadContext } from "./json_context.ts";
import { type JsonValue, kindOf } from "./json_value.ts";

/** Smallest and largest value of each type of whole numbers. */
const RANGES: Readonly<Partial<Record<ScalarType, readonly [bigint, bigint]>>> = (() => {
  const int32 = [-(2n ** 31n), 2n ** 31n - 1n] as const;
  const uint32 = [0n, 2n ** 32n - 1n] as const;
  const int64 = [-(2n ** 63n), 2n ** 63n - 1n] as const;
  const uint64 = [0n, 2n ** 64n - 1n] as const;
  return {
    ...{ int32, sint32: int32, sfixed32: int32, uint32, fixed32: uint32 },
    ...{ int64, sint64: int64, sfixed64: int64, uint64, fixed64: uint64 },
  };
})();

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A scalar of a message as JSON. */
export function scalarToJson(type: ScalarType, value: unknown): JsonValue {
  switch (typeof value) {
    case "bigint":
      return value.toString();
    case "number":
      if (!Number.isFinite(value)) return String(value);
      return type === "float" ? shortFloat(value) : value;
    case "object":
      return bytesToBase64(value as Uint8Array);
    default:
      return value as boolean | string;
  }
}

/** The shortest decimal number that is this one in 32 bits. */
function shortFloat(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    // Minus zero stays what it is.
    if (Object.is(Math.fround(short), value)) return short;
  }
  return value;
}

/** A scalar of a message from JSON. */
export function scalarFromJson(
  type: ScalarType,
  value: JsonValue,
  context: ReadContext,
): number | bigint | boolean | string | Uint8Array {
  switch (type) {
    case "bool":
      if (typeof value === "boolean") return value;
      break;
    case "string":
      if (typeof value === "string" && value.isWellFormed()) return value;
      break;
    case "bytes":
      if (typeof value === "string") return bytesFromJson(value, context);
      break;
    case "float":
    case "double":
      return floatFromJson(type, value, context);
    default:
      return integerFromJson(type, value, context);
  }
  throw context.readFault(`need ${type}, got ${kindOf(value)}`);
}

function bytesFromJson(text: string, context: ReadContext): Uint8Array {
  try {
    return base64ToBytes(text);
  } catch {
    throw context.readFault("text that is not base64");
  }
}

function floatFromJson(type: "float" | "double", value: JsonValue, context: ReadContext): number {
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  const isNumber = typeof value === "number" || typeof value === "string" && NUMBER.test(value);
  if (!isNumber) throw context.readFault(`need ${type}, got ${kindOf(value)}`);
  const number = type === "float" ? Math.fround(Number(value)) : Number(value);
  if (!Number.isFinite(number)) throw context.readFault(`${value} is no ${type}`);
  return number;
}

function integerFromJson(
  type: ScalarType,
  value: JsonValue,
  context: ReadContext,
): number | bigint {
  const integer = parseInteger(value);
  if (integer === undefined) {
    const given = typeof value === "number" ? String(value) : kindOf(value);
    throw context.readFault(`need ${type}, got ${given}`);
  }
  const [min, max] = RANGES[type]!;
  if (integer < min || integer > max) throw context.readFault(`${integer} is no ${type}`);
  return type.endsWith("64") ? integer : Number(integer);
}

function parseInteger(value: JsonValue): bigint | undefined {
  if (typeof value === "string") {
    if (/^-?(?:0|[1-9]\d{0,20})$/.test(value)) return BigInt(value);
    if (!NUMBER.test(value)) return undefined;
    value = Number(value);
  }
  return typeof value === "number" && Number.isInteger(value) ? BigInt(value) : undefined;
}

/** A key of a map from the name of a property. */
export function mapKeyFromJson(
  type: ScalarType,
  key: string,
  context: ReadContext,
): number | bigint | boolean | string | Uint8Array {
  if (type === "bool" && (key === "true" || key === "false")) return key === "true";
  return scalarFromJson(type, key, context);
}
