/**
 * How evenly things are spread.
 *
 * @module
 */

/** Keeps the logarithm of an empty share finite. */
const LEAST_SHARE = 1e-6;

/**
 * Shannon entropy of `counts`, divided by the most that so many counts can have: 1 when they are all equal,
 * towards 0 when one has all. One count, or none, is even: 1. So is a sum of 0.
 *
 * @param counts Finite numbers >= 0.
 * @throws {RangeError} If a count is negative or not finite.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(evenness([1, 3]), 0.811, 1e-3);
 * ```
 */
export function evenness(counts: readonly number[]): number {
  let sum = 0;
  for (const count of counts) {
    if (!(count >= 0 && count < Infinity)) {
      throw new RangeError(`Cannot compute evenness: need finite counts >= 0, got ${count}`);
    }
    sum += count;
  }
  if (counts.length <= 1 || sum === 0) return 1;
  let entropy = 0;
  for (const count of counts) {
    const share = Math.max(count / sum, LEAST_SHARE);
    entropy -= share * Math.log2(share);
  }
  return entropy / Math.log2(counts.length);
}
