/**
 * Chance that repeats itself.
 *
 * @module
 */

import type { Random } from "../clock.ts";

/**
 * Numbers uniform in [0, 1) that look random and are the same every time for one seed (mulberry32).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(seededRandom(1)(), seededRandom(1)());
 * ```
 */
export function seededRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ state >>> 15, 1 | state);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}
