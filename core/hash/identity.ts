/**
 * The text that stands for a value in a hash.
 *
 * @module
 */

const decoder = new TextDecoder();

/** A number in decimal digits, never with an exponent. */
function decimal(value: number): string {
  const text = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = whole + fraction;
  const point = 1 + Number(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, "0");
}

/**
 * The text that stands for `value`: what a Go service that hashes the same value uses. Nothing for `null`
 * and `undefined`, bytes as UTF-8, numbers in decimal without exponent, an error by its message, all else
 * by its own `toString`.
 *
 * @throws {TypeError} If the object has no `toString` of its own, so that all such objects would look alike.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(identityOf(1e21), "1000000000000000000000");
 * assertEquals(identityOf(new TextEncoder().encode("abcd")), "abcd");
 * ```
 */
export function identityOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return decimal(value);
  if (value instanceof Uint8Array) return decoder.decode(value);
  if (value instanceof Error) return value.message;
  if (typeof value === "object" && value.toString === Object.prototype.toString) {
    throw new TypeError("Cannot identify object: it has no toString of its own; pass identify");
  }
  return String(value);
}
