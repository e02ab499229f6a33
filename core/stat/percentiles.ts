/** What most and what the slowest requests took, in ms. */
export interface Percentiles {
  /** Half of the requests took at least this. */
  readonly median: number;
  /** One in ten took at least this. */
  readonly p90: number;
  /** One in a hundred took at least this. */
  readonly p99: number;
  /** One in a thousand took at least this. */
  readonly p999: number;
}

/**
 * Percentiles the way go-zero's reports define them: the least of the slowest half, of the slowest
 * fifth of that, of a tenth of that and of a tenth of that again, each count rounded down. Where a
 * count comes to nothing, this and all finer ones are the slowest of the step before.
 *
 * @param durationsMs Times in ms, in any order; not changed.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const durations = Array.from({ length: 1000 }, (_, i) => i);
 * assertEquals(percentiles(durations), { median: 500, p90: 900, p99: 990, p999: 999 });
 * ```
 */
export function percentiles(durationsMs: readonly number[]): Percentiles {
  const slowestFirst = Float64Array.from(durationsMs).sort().reverse();
  const half = Math.floor(slowestFirst.length / 2);
  const tenth = Math.floor(half / 5);
  const hundredth = Math.floor(tenth / 10);
  const slowest = slowestFirst[0] ?? 0;
  const leastOf = (count: number) => count === 0 ? slowest : slowestFirst[count - 1]!;
  return {
    median: leastOf(half),
    p90: leastOf(tenth),
    p99: leastOf(hundredth),
    p999: leastOf(Math.floor(hundredth / 10)),
  };
}
