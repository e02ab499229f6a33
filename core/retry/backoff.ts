/**
 * How long to wait before calling again.
 *
 * @module
 */

import { type Random, systemRandom } from "../clock.ts";

/** Options for {@link backoffMs}. */
export interface BackoffOptions {
  /** Longest wait before the first retry, in ms, >= 0; doubles with each. @default {100} */
  baseMs?: number | undefined;
  /** Longest wait of all, in ms, >= 0. @default {10_000} */
  maxMs?: number | undefined;
  /** Uniform in [0, 1). @default {systemRandom} */
  random?: Random | undefined;
}

/**
 * A wait before a retry: uniform between 0 and a bound that doubles. Clients that failed together must not
 * come back together, and of the ways to spread them this one needs the fewest calls.
 *
 * @param retry Which retry is waited for, an integer >= 1.
 * @returns Milliseconds, >= 0 and below `baseMs * 2 ** (retry - 1)` and `maxMs`.
 * @throws {RangeError} If an argument is out of range.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const random = () => 0.5;
 * assertEquals([1, 2, 3, 99].map((n) => backoffMs(n, { random })), [50, 100, 200, 5_000]);
 * ```
 */
export function backoffMs(retry: number, options: BackoffOptions = {}): number {
  const { baseMs = 100, maxMs = 10_000, random = systemRandom } = options;
  if (!(retry >= 1)) throw new RangeError(`Cannot back off: need retry >= 1, got ${retry}`);
  if (!(baseMs >= 0 && baseMs < Infinity) || !(maxMs >= 0 && maxMs < Infinity)) {
    throw new RangeError(
      `Cannot back off: need finite times >= 0, got baseMs ${baseMs}, maxMs ${maxMs}`,
    );
  }
  // Capped: 0 times the Infinity of a large power is not a number.
  return random() * Math.min(maxMs, baseMs * 2 ** Math.min(retry - 1, 1000));
}
