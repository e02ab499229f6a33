/**
 * The plainest bucket of a rolling window.
 *
 * @module
 */

import type { WindowBucket } from "./rolling_window.ts";

/** Sums numbers and counts how many there were. */
export class SumBucket implements WindowBucket {
  /** Sum of the numbers added since the last reset. */
  sum = 0;
  /** How many numbers were added since the last reset. */
  count = 0;

  /** Adds one number. */
  add(value: number): void {
    this.sum += value;
    this.count++;
  }

  /** Forgets everything. */
  reset(): void {
    this.sum = 0;
    this.count = 0;
  }
}
