/**
 * JSON as a type.
 *
 * @module
 */

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

/** Whether a value of JSON is an object. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What kind of value it is, for messages. */
export function kindOf(value: JsonValue | undefined): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
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
