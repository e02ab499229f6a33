/**
 * MurmurHash3, x64, 128 bits, without `BigInt`.
 *
 * @see https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp
 * @module
 */

import { murmur3Words } from "./murmur3_words.ts";

/** Options for {@link murmur3} and {@link murmur3Hex}. */
export interface Murmur3Options {
  /** Both halves start from it; an integer from 0 to 2^32 - 1. @default {0} */
  seed?: number;
}

function checkSeed(seed: number): void {
  if (!(Number.isInteger(seed) && seed >= 0 && seed <= 0xffffffff)) {
    throw new RangeError(`Cannot hash: need a seed from 0 to 2^32 - 1, got ${seed}`);
  }
}

/**
 * The first 64 bits of MurmurHash3 x64-128: what go-zero calls its hash. Fast and well spread, but no
 * protection against someone who picks the keys.
 *
 * @param data Bytes, or text that is hashed as UTF-8.
 * @returns An unsigned 64-bit number.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(murmur3("hello"), 0xcbd8a7b341bd9b02n);
 * ```
 */
export function murmur3(data: string | Uint8Array, { seed = 0 }: Murmur3Options = {}): bigint {
  checkSeed(seed);
  const words = murmur3Words(data, seed);
  return BigInt(words[0]! >>> 0) << 32n | BigInt(words[1]! >>> 0);
}

/**
 * All 128 bits of MurmurHash3 x64-128, as 32 lower-case hexadecimal digits, first half first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(murmur3Hex("hello"), "cbd8a7b341bd9b025b1e906a48ae1d19");
 * ```
 */
export function murmur3Hex(data: string | Uint8Array, { seed = 0 }: Murmur3Options = {}): string {
  checkSeed(seed);
  const words = murmur3Words(data, seed);
  let digits = "";
  for (const word of words) digits += hexOf(word >>> 16) + hexOf(word & 0xffff);
  return digits;
}

/** Four digits: the engine is slow to write a number of more than 31 bits. */
function hexOf(half: number): string {
  return (0x10000 + half).toString(16).slice(1);
}
