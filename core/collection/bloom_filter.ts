/**
 * Tells for sure that something was not added, and almost for sure that it was.
 *
 * @module
 */

import { murmur3Words, remainderOf } from "../hash/murmur3_words.ts";
import { type BitStore, type BitStoreOptions, checkBits } from "./bit_store.ts";

/** Bits set for each value. With twenty bits a value this gives about 6.7e-5 false positives. */
const HASHES = 14;

const encoder = new TextEncoder();

/**
 * A bloom filter over a {@link BitStore}. Filters that share a store and `bits` agree across processes, and
 * with go-zero's on Redis.
 *
 * Choose `bits` as twenty times the number of values expected: then a value that was never added is taken for
 * one that was about once in fifteen thousand times.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MemoryBitStore } from "./bit_store.ts";
 * const bits = 20 * 1_000;
 * const seen = new BloomFilter(new MemoryBitStore(bits), bits);
 * await seen.add("order 7");
 * assertEquals([await seen.has("order 7"), await seen.has("order 8")], [true, false]);
 * ```
 */
export class BloomFilter {
  readonly #store: BitStore;
  readonly #bits: number;

  /** Makes a filter over the first `bits` bits of `store`, an integer from 1 to 2^32. */
  constructor(store: BitStore, bits: number) {
    checkBits("make bloom filter", bits);
    this.#store = store;
    this.#bits = bits;
  }

  /** Adds bytes, or text as UTF-8. Throws what the store throws. */
  async add(data: string | Uint8Array, options: BitStoreOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    await this.#store.set(bloomOffsets(data, this.#bits), options);
  }

  /** Whether bytes, or text as UTF-8, may have been added; `false` is certain. Throws what the store throws. */
  async has(data: string | Uint8Array, options: BitStoreOptions = {}): Promise<boolean> {
    options.signal?.throwIfAborted();
    return await this.#store.check(bloomOffsets(data, this.#bits), options);
  }
}

/** The fourteen bits that stand for `data`, in the order of their hashes; some may be the same. */
export function bloomOffsets(data: string | Uint8Array, bits: number): number[] {
  const bytes = typeof data === "string" ? encoder.encode(data) : data;
  const numbered = new Uint8Array(bytes.length + 1);
  numbered.set(bytes);
  const offsets: number[] = [];
  for (let i = 0; i < HASHES; i++) {
    numbered[bytes.length] = i;
    offsets.push(remainderOf(murmur3Words(numbered, 0), bits));
  }
  return offsets;
}
