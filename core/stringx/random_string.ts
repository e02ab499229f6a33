/**
 * Texts by chance.
 *
 * @module
 */

import { type Random, systemRandom } from "../clock.ts";

const LETTERS_AND_DIGITS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** Options for {@link randomString}. */
export interface RandomStringOptions {
  /** Uniform in [0, 1). @default {systemRandom} */
  random?: Random;
}

/**
 * `length` letters and digits by chance, to tell things apart. Not for secrets: what is drawn with an ordinary
 * `random` can be guessed.
 *
 * @param length An integer >= 0.
 * @throws {RangeError} If `length` is none.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(randomString(4, { random: () => 0 }), "aaaa");
 * assertEquals(randomString().length, 8);
 * ```
 */
export function randomString(length = 8, options: RandomStringOptions = {}): string {
  if (!(Number.isInteger(length) && length >= 0)) {
    throw new RangeError(`Cannot make random string: need an integer length >= 0, got ${length}`);
  }
  const { random = systemRandom } = options;
  let text = "";
  for (let i = 0; i < length; i++) {
    text += LETTERS_AND_DIGITS[Math.floor(random() * LETTERS_AND_DIGITS.length)];
  }
  return text;
}

/** Sixteen lower-case hexadecimal digits from eight bytes that nobody can guess. */
export function randomId(): string {
  return crypto.getRandomValues(new Uint8Array(8)).toHex();
}
