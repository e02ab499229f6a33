/**
 * How long to wait before the registry is tried again.
 *
 * @module
 */

import { type Random, systemRandom } from "../clock.ts";

/** Options for {@link retryDelayMs}. */
export interface RetryDelayOptions {
  /** Longest wait after the first failure, in ms, > 0; doubles with each. @default {1_000} */
  readonly retryMs?: number | undefined;
  /** Longest wait of all, in ms. @default {4_000} */
  readonly maxRetryMs?: number | undefined;
  /** Uniform in [0, 1). @default {systemRandom} */
  readonly random?: Random | undefined;
}

/**
 * A wait between the half and the whole of a bound that doubles. Not shorter, for a registry that has just come back
 * must not be asked by everybody at once; the bound stays low, for clients have to find each other soon after.
 *
 * @param failures Failures in a row, an integer >= 1.
 * @returns Milliseconds.
 */
export function retryDelayMs(failures: number, options: RetryDelayOptions = {}): number {
  const { retryMs = 1_000, maxRetryMs = 4_000, random = systemRandom } = options;
  const boundMs = Math.min(maxRetryMs, retryMs * 2 ** Math.min(failures - 1, 30));
  return boundMs * (0.5 + random() / 2);
}
