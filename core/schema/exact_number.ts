/**
 * A number of a JSON text that keeps its digits.
 *
 * @module
 */

/**
 * A JSON number whose text says more than a JS number could: `2.50`, `1e3`, `9007199254740993`.
 * Made by `parseJson`; schemas read it by their own rules, so nothing is rounded on the way.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(JSON.stringify({ price: new ExactNumber("2.50") }), '{"price":2.50}');
 * ```
 */
export class ExactNumber {
  /** The number as it was written. */
  readonly text: string;

  /** Takes the text of a JSON number, unchecked. */
  constructor(text: string) {
    this.text = text;
  }

  /** The nearest JS number. */
  valueOf(): number {
    return Number(this.text);
  }

  /** The number as it was written. */
  toString(): string {
    return this.text;
  }

  /** Writes the digits back unchanged. */
  toJSON(): unknown {
    return rawJson ? rawJson(this.text) : Number(this.text);
  }
}

// Standard, but not yet in TypeScript's library.
const rawJson = (JSON as { rawJSON?: (text: string) => unknown }).rawJSON;

/** Whether a JS number stands for `text` exactly: same digits back, and no unsafe integer. */
export function isCanonicalNumber(text: string): boolean {
  const value = Number(text);
  return String(value) === text && (!Number.isInteger(value) || Number.isSafeInteger(value));
}
