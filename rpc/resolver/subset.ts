/**
 * Some of many addresses, so that not every client connects to every server.
 *
 * @module
 */

import { type Random, systemRandom } from "../../core/clock.ts";
import { murmur3Words } from "../../core/hash/murmur3_words.ts";

/** Addresses a client connects to at most, unless told otherwise. */
export const SUBSET_SIZE = 32;

/** Options for {@link stableSubset}. */
export interface StableSubsetOptions {
  /** Most addresses that are chosen, an integer >= 1. */
  readonly size: number;
  /** Tells clients apart, so that they choose differently. */
  readonly clientId: string;
}

/** Options for {@link randomSubset}. */
export interface RandomSubsetOptions {
  /** Most addresses that are chosen, an integer >= 1. */
  readonly size: number;
  /** Uniform in [0, 1). @default {systemRandom} */
  readonly random?: Random | undefined;
}

/**
 * Addresses that stay the same for a client as long as they are there: when one comes or goes, one at most is exchanged,
 * so connections stay open.
 *
 * @returns At most `size` addresses in the order of the list, which is not changed.
 * @throws {RangeError} If `size` is out of range.
 * @see Thaler and Ravishankar, Using name-based mappings to increase hit rates, 1998 (rendezvous hashing).
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const addresses = ["a:1", "b:1", "c:1", "d:1"];
 * const some = stableSubset(addresses, { size: 2, clientId: "client 7" });
 * const again = stableSubset(addresses.toReversed(), { size: 2, clientId: "client 7" });
 * assertEquals(again.toSorted(), some.toSorted());
 * ```
 */
export function stableSubset(
  addresses: readonly string[],
  { size, clientId }: StableSubsetOptions,
): readonly string[] {
  checkSize(size);
  if (addresses.length <= size) return addresses;
  const ranked = addresses.map((address) => {
    const words = murmur3Words(`${clientId}/${address}`, 0);
    return { address, high: words[0]! >>> 0, low: words[1]! >>> 0 };
  });
  ranked.sort((a, b) => a.high - b.high || a.low - b.low);
  const chosen = new Set(ranked.slice(0, size).map(({ address }) => address));
  return addresses.filter((address) => chosen.has(address));
}

/**
 * Addresses by lot, others each time: what go-zero does.
 *
 * @returns At most `size` addresses in random order; the list is not changed.
 * @throws {RangeError} If `size` is out of range.
 */
export function randomSubset(
  addresses: readonly string[],
  { size, random = systemRandom }: RandomSubsetOptions,
): readonly string[] {
  checkSize(size);
  const shuffled = [...addresses];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
  }
  return shuffled.slice(0, size);
}

function checkSize(size: number): void {
  if (!(Number.isInteger(size) && size >= 1)) {
    throw new RangeError(`Cannot choose addresses: need an integer size >= 1, got ${size}`);
  }
}
