/**
 * JSON as a type.
 *
 * @module
 */

import { ExactNumber } from "../../core/schema/exact_number.ts";

/** What `JSON.parse` gives and `JSON.stringify` takes. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** An object of JSON. */
export interface JsonObject {
  /** A property. */
  readonly [key: string]: JsonValue;
}

// Standard, but not yet in TypeScript's library.
interface RawJson {
  rawJSON?(text: string): JsonObject;
  isRawJSON?(value: unknown): value is { readonly rawJSON: string };
}
const { rawJSON, isRawJSON } = JSON as RawJson;

/** `-0`, which `JSON.stringify` would write as `0` were it the number. */
export const MINUS_ZERO: JsonValue = rawJSON?.("-0") ?? -0;

/**
 * The text of a number that JavaScript's numbers cannot stand for: {@link MINUS_ZERO}, or what `parseJson` of `core/schema`
 * keeps the digits of. `undefined` for anything else.
 */
export function exactText(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (value instanceof ExactNumber) return value.text;
  return isRawJSON?.(value) ? value.rawJSON : undefined;
}

/** Whether a value of JSON is an object. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    exactText(value) === undefined;
}

/** What kind of value it is, for messages. */
export function kindOf(value: JsonValue | undefined): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return exactText(value) === undefined ? typeof value : "number";
}

/** Sets a property of an object that is being made; `__proto__` is one as any other. */
export function setProperty(
  json: { [key: string]: JsonValue },
  key: string,
  value: JsonValue,
): void {
  if (key !== "__proto__") json[key] = value;
  else {Object.defineProperty(json, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });}
}
