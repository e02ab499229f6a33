/**
 * Numbers kept within bounds.
 *
 * @module
 */

/**
 * The number in [`least`, `most`] nearest to `value`. `NaN` stays `NaN`.
 *
 * @param least Lower bound; `-Infinity` for none.
 * @param most Upper bound; `Infinity` for none.
 * @throws {RangeError} If `least` is greater than `most`, or one of them is not a number.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([3, 10, 20].map((value) => clamp(value, 5, 15)), [5, 10, 15]);
 * ```
 */
export function clamp(value: number, least: number, most: number): number {
  if (!(least <= most)) {
    throw new RangeError(`Cannot clamp: need least <= most, got ${least} and ${most}`);
  }
  return Math.min(Math.max(value, least), most);
}
