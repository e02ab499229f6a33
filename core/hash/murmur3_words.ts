/**
 * MurmurHash3 x64-128 of bytes and text, as 32-bit words, without `BigInt`.
 *
 * Written for the optimizing compiler: signed 32-bit numbers are never boxed, a carry is computed and not
 * compared for, since a branch on it goes the wrong way every other time, and each function with what it
 * calls stays within the size that is inlined whole.
 *
 * @see https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp
 * @module
 */

import { compileTextHasher, type TextHasher } from "./_murmur3_text.ts";

const { imul } = Math;

const C1_HIGH = 0x87c37b91 | 0;
const C1_LOW = 0x114253d5;
const C2_HIGH = 0x4cf5ad43;
const C2_LOW = 0x2745937f;
const F1_HIGH = 0xff51afd7 | 0;
const F1_LOW = 0xed558ccd | 0;
const F2_HIGH = 0xc4ceb9fe | 0;
const F2_LOW = 0x1a85ec53;

/** The two state words, each as high half and low half; in the end the hash. */
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
  return (a & b | (a | b) & ~(a + b)) >>> 31;
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
  const rotatedLow = low << bits | high >>> (32 - bits);
  const sumHigh = (high << bits | low >>> (32 - bits)) + state[j]! +
      carryOf(rotatedLow, state[j + 1]!) | 0;
  const sumLow = rotatedLow + state[j + 1]! | 0;
  const timesFour = sumLow << 2;
  const productLow = timesFour + sumLow | 0;
  const productHigh = imul(sumHigh, 5) + (sumLow >>> 30) + carryOf(timesFour, sumLow) | 0;
  state[i] = productHigh + carryOf(productLow, constant);
  state[i + 1] = productLow + constant;
}

/** Mixes in 16 bytes, as four words with the first byte lowest. */
function mixBlock(word0: number, word1: number, word2: number, word3: number): void {
  mixK1(word1, word0);
  churn(H1, 27, H2, 0x52dce729);
  mixK2(word3, word2);
  churn(H2, 31, H1, 0x38495ab5);
}

/** Ends the hash of `length` bytes. */
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

  h1High = h1High + h2High + carryOf(h1Low, h2Low) | 0;
  h1Low = h1Low + h2Low | 0;
  state[H1] = h1High;
  state[H1 + 1] = h1Low;
  state[H2] = h2High + h1High + carryOf(h1Low, h2Low);
  state[H2 + 1] = h2Low + h1Low;
}

function wordAt(data: Uint8Array, at: number): number {
  return data[at]! | data[at + 1]! << 8 | data[at + 2]! << 16 | data[at + 3]! << 24;
}

/** The bytes from `at` that lie before the end, four at most; zeros for the others. */
function tailWordAt(data: Uint8Array, at: number): number {
  let word = 0;
  for (let i = Math.min(at + 4, data.length) - 1; i >= at; i--) word = word << 8 | data[i]!;
  return word;
}

function hashBytes(data: Uint8Array, seed: number): void {
  state[H1] = state[H2] = 0;
  state[H1 + 1] = state[H2 + 1] = seed;
  const { length } = data;
  const tail = length & ~15;
  for (let at = 0; at < tail; at += 16) {
    mixBlock(wordAt(data, at), wordAt(data, at + 4), wordAt(data, at + 8), wordAt(data, at + 12));
  }
  if (length - tail > 8) mixK2(tailWordAt(data, tail + 12), tailWordAt(data, tail + 8));
  if (length > tail) mixK1(tailWordAt(data, tail + 4), tailWordAt(data, tail));
  end(length);
}

const encoder = new TextEncoder();
/** Compiled when the first text comes, since not every program hashes any. */
let textHasher: TextHasher | undefined;
/** Finds that no text is ASCII. */
const noTextHasher: TextHasher = { words: state, hash: () => 0x80 };

function makeTextHasher(): TextHasher {
  try {
    return compileTextHasher();
  } catch {
    return noTextHasher; // Some policies forbid WebAssembly.
  }
}

/**
 * Hashes bytes, or text as UTF-8, into four words: high and low half of the first 64 bits, then of the second.
 *
 * @param seed 32 bits that both halves start from.
 * @returns Signed words, shared and overwritten by the next hash.
 */
export function murmur3Words(data: string | Uint8Array, seed: number): Int32Array {
  if (typeof data === "string") {
    textHasher ??= makeTextHasher();
    if (textHasher.hash(data, data.length, seed) < 0x80) return textHasher.words;
    hashBytes(encoder.encode(data), seed);
  } else {
    hashBytes(data, seed);
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
  const high = remainder(words[0]! >>> 0, divisor);
  const middle = remainder(high * 0x10000 + (low >>> 16), divisor);
  return remainder(middle * 0x10000 + (low & 0xffff), divisor);
}

/** Below 2^48 a double holds each step exactly, and the operator `%` takes ten times as long. */
function remainder(value: number, divisor: number): number {
  return value - Math.floor(value / divisor) * divisor;
}
