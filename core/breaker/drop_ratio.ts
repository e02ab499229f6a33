/** Number of buckets of a breaker's window. */
export const BUCKETS = 40;

/** What a drop ratio is computed from: counts over a window of {@link BUCKETS} buckets. */
export interface DropInputs {
  /** Calls attempted, refused ones included. */
  readonly total: number;
  /** Calls the callee did its work for; at most `total`. */
  readonly accepted: number;
  /** Trailing buckets with failures and no success, 0 to 40. */
  readonly failingBuckets: number;
  /** Trailing buckets with successes and no failure, 0 to 40. */
  readonly workingBuckets: number;
}

/** How quick a breaker is to refuse. */
export interface DropTuning {
  /** Calls tolerated for each accepted one. Larger refuses later. > 1. @default {1.5} */
  readonly k: number;
  /** What `k` falls to when every bucket fails. 1 to `k`. @default {1.1} */
  readonly minK: number;
  /** Calls that are let through before any is refused, >= 0. @default {5} */
  readonly protection: number;
}

/** The default {@link DropTuning}. */
export const DROP_TUNING: DropTuning = { k: 1.5, minK: 1.1, protection: 5 };

/**
 * How far a callee is behind, by client-side throttling: the part of the calls that exceeds what it
 * accepts, times a tolerance that shrinks the longer it has failed. Nothing is to be refused at 0 or
 * less.
 *
 * @returns A number less than 1.
 * @see Beyer et al., Site Reliability Engineering, 2016, ch. 21, eq. 21-1.
 */
export function excessRatio(inputs: DropInputs, tuning: DropTuning = DROP_TUNING): number {
  const { k, minK, protection } = tuning;
  const tolerance = Math.max(k - (k - minK) * inputs.failingBuckets / BUCKETS, minK);
  return (inputs.total - protection - tolerance * inputs.accepted) / (inputs.total + 1);
}

/**
 * Probability of refusing the next call: {@link excessRatio}, the smaller the longer the callee has
 * worked without a failure.
 *
 * @returns A probability in [0, 1).
 * @example A callee that accepts half of the calls
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const inputs = { total: 100, accepted: 50, failingBuckets: 0, workingBuckets: 0 };
 * assertAlmostEquals(dropRatio(inputs), 0.198020, 1e-6);
 * ```
 */
export function dropRatio(inputs: DropInputs, tuning: DropTuning = DROP_TUNING): number {
  return Math.max(0, excessRatio(inputs, tuning)) * (BUCKETS - inputs.workingBuckets) / BUCKETS;
}
