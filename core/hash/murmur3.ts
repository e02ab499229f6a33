/**
 * MurmurHash3, x64, 128 bits, without `BigInt`.
 *
 * @see https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp
 * @module
 */

const { imul } = Math;

const C1_HIGH = 0x87c37b91 | 0;
const C1_LOW = 0x114253d5;
const C2_HIGH = 0x4cf5ad43;
const C2_LOW = 0x2745937f;
const F1_HIGH = 0xff51afd7 | 0;
const F1_LOW = 0xed558ccd | 0;
const F2_HIGH = 0xc4ceb9fe | 0;
const F2_LOW = 0x1a85ec53;

/** The two state words, each as high half and low half: signed, which the engine keeps unboxed. */
const state = new Int32Array(4);
const H1 = 0;
const H2 = 2;

/** High half of the 64-bit product of two 32-bit numbers, both taken as unsigned. */
function multiplyHigh(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const first = imul(aHigh, bLow) + (imul(aLow, bLow) >>> 16) | 0;
  const second = imul(aLow, bHigh) + (first & 0xffff) | 0;
  return imul(aHigh, bHigh) + (first >>> 16) + (second >>> 16) | 0;
}

/** High half of a 64-bit product modulo 2^64; its low half is `imul(low, factorLow)`. */
function productHigh(high: number, low: number, factorHigh: number, factorLow: number): number {
  return multiplyHigh(low, factorLow) + imul(high, factorLow) + imul(low, factorHigh) | 0;
}

/** What the sum of two low halves carries into the high half. */
function carryOf(a: number, b: number): number {
  return (a >>> 0) + (b >>> 0) > 0xffffffff ? 1 : 0;
}

/** `state[i] += high, low`, modulo 2^64. */
function addTo(i: number, high: number, low: number): void {
  state[i] = state[i]! + high + carryOf(state[i + 1]!, low);
  state[i + 1] = state[i + 1]! + low;
}

function mixK1(high: number, low: number): void {
  const h = productHigh(high, low, C1_HIGH, C1_LOW);
  const l = imul(low, C1_LOW);
  const rotatedHigh = h << 31 | l >>> 1;
  const rotatedLow = l << 31 | h >>> 1;
  state[H1] = state[H1]! ^ productHigh(rotatedHigh, rotatedLow, C2_HIGH, C2_LOW);
  state[H1 + 1] = state[H1 + 1]! ^ imul(rotatedLow, C2_LOW);
}

function mixK2(high: number, low: number): void {
  const h = productHigh(high, low, C2_HIGH, C2_LOW);
  const l = imul(low, C2_LOW);
  const rotatedHigh = l << 1 | h >>> 31;
  const rotatedLow = h << 1 | l >>> 31;
  state[H2] = state[H2]! ^ productHigh(rotatedHigh, rotatedLow, C1_HIGH, C1_LOW);
  state[H2 + 1] = state[H2 + 1]! ^ imul(rotatedLow, C1_LOW);
}

/** `state[i] = (rotateLeft(state[i], bits) + state[j]) * 5 + constant`. */
function churn(i: number, bits: number, j: number, constant: number): void {
  const high = state[i]!;
  const low = state[i + 1]!;
  state[i] = high << bits | low >>> (32 - bits);
  state[i + 1] = low << bits | high >>> (32 - bits);
  addTo(i, state[j]!, state[j + 1]!);
  const product = productHigh(state[i]!, state[i + 1]!, 0, 5);
  state[i + 1] = imul(state[i + 1]!, 5);
  state[i] = product;
  addTo(i, 0, constant);
}

function wordAt(data: Uint8Array, at: number): number {
  return data[at]! | data[at + 1]! << 8 | data[at + 2]! << 16 | data[at + 3]! << 24;
}

/** The bytes from `at` that lie before `end`, four at most. */
function tailWordAt(data: Uint8Array, at: number, end: number): number {
  let word = 0;
  for (let i = Math.min(at + 4, end) - 1; i >= at; i--) word = word << 8 | data[i]!;
  return word;
}

/** All bits of the characters that {@link wordOf} has seen. */
let seenBits = 0;

/** The characters of `text` from `at` that lie before `end`, four at most. */
function wordOf(text: string, at: number, end: number): number {
  let bits = 0;
  let word = 0;
  for (let i = Math.min(at + 4, end) - 1; i >= at; i--) {
    const code = text.charCodeAt(i);
    bits |= code;
    word = word << 8 | code;
  }
  seenBits |= bits;
  return word;
}

function mixBlock(word0: number, word1: number, word2: number, word3: number): void {
  mixK1(word1, word0);
  churn(H1, 27, H2, 0x52dce729);
  mixK2(word3, word2);
  churn(H2, 31, H1, 0x38495ab5);
}

function begin(seed: number): void {
  state[H1] = state[H2] = 0;
  state[H1 + 1] = state[H2 + 1] = seed;
}

/**
 * Finishes after all `length` bytes.
 *
 * Short keys spend their time here, so the state stays in local variables, which halves the cost.
 */
function end(length: number): void {
  let h2High = state[H2]!;
  let h2Low = state[H2 + 1]! ^ length;
  let h1Low = state[H1 + 1]! ^ length;
  let h1High = state[H1]! + h2High + carryOf(h1Low, h2Low) | 0;
  h1Low = h1Low + h2Low | 0;
  h2High = h2High + h1High + carryOf(h1Low, h2Low) | 0;
  h2Low = h2Low + h1Low | 0;

  // Twice a shift right by 33 and a product, then the shift once more: the final mix of each word.
  h1Low ^= h1High >>> 1;
  h2Low ^= h2High >>> 1;
  h1High = productHigh(h1High, h1Low, F1_HIGH, F1_LOW);
  h2High = productHigh(h2High, h2Low, F1_HIGH, F1_LOW);
  h1Low = imul(h1Low, F1_LOW) ^ h1High >>> 1;
  h2Low = imul(h2Low, F1_LOW) ^ h2High >>> 1;
  h1High = productHigh(h1High, h1Low, F2_HIGH, F2_LOW);
  h2High = productHigh(h2High, h2Low, F2_HIGH, F2_LOW);
  h1Low = imul(h1Low, F2_LOW) ^ h1High >>> 1;
  h2Low = imul(h2Low, F2_LOW) ^ h2High >>> 1;

  state[H1] = h1High + h2High + carryOf(h1Low, h2Low);
  state[H1 + 1] = h1Low + h2Low;
  state[H2] = h2High;
  state[H2 + 1] = h2Low;
  addTo(H2, state[H1]!, state[H1 + 1]!);
}

function hashBytes(data: Uint8Array, seed: number): void {
  begin(seed);
  const { length } = data;
  const tail = length & ~15;
  for (let at = 0; at < tail; at += 16) {
    mixBlock(wordAt(data, at), wordAt(data, at + 4), wordAt(data, at + 8), wordAt(data, at + 12));
  }
  if (length - tail > 8) {
    mixK2(tailWordAt(data, tail + 12, length), tailWordAt(data, tail + 8, length));
  }
  if (length > tail) mixK1(tailWordAt(data, tail + 4, length), tailWordAt(data, tail, length));
  end(length);
}

/** Hashes ASCII text without encoding it first, which would cost more than the hash. Tells whether it was ASCII. */
function hashAscii(text: string, seed: number): boolean {
  begin(seed);
  seenBits = 0;
  const { length } = text;
  const tail = length & ~15;
  for (let at = 0; at < tail; at += 16) {
    mixBlock(
      wordOf(text, at, length),
      wordOf(text, at + 4, length),
      wordOf(text, at + 8, length),
      wordOf(text, at + 12, length),
    );
  }
  if (length - tail > 8) mixK2(wordOf(text, tail + 12, length), wordOf(text, tail + 8, length));
  if (length > tail) mixK1(wordOf(text, tail + 4, length), wordOf(text, tail, length));
  end(length);
  return seenBits < 0x80;
}

const encoder = new TextEncoder();
/** Beyond this the platform's encoder wins over looking at each character. */
const MAX_ASCII_LENGTH = 128;

/**
 * Hashes bytes, or text as UTF-8, into four words: high and low half of the first 64 bits, then of the second.
 * For use inside the project: it allocates nothing.
 *
 * @param seed 32 bits that both halves start from.
 * @returns Signed words, shared and overwritten by the next hash.
 */
export function murmur3Words(data: string | Uint8Array, seed = 0): Int32Array {
  if (typeof data !== "string") hashBytes(data, seed);
  else if (data.length > MAX_ASCII_LENGTH || !hashAscii(data, seed)) {
    hashBytes(encoder.encode(data), seed);
  }
  return state;
}

/**
 * The first half of a hash modulo `divisor`.
 *
 * @param words What {@link murmur3Words} gave.
 * @param divisor An integer from 1 to 2^32.
 */
export function remainderOf(words: Int32Array, divisor: number): number {
  const low = words[1]! >>> 0;
  // In steps of 16 bits no product exceeds 2^48, which a double holds exactly.
  const high = (words[0]! >>> 0) % divisor;
  const middle = (high * 0x10000 + (low >>> 16)) % divisor;
  return (middle * 0x10000 + (low & 0xffff)) % divisor;
}

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
  return Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}
