import { type Clock, systemClock } from "../clock.ts";
import { requireSpan } from "./argument.ts";

/** Options for {@link LessExecutor}. */
export interface LessExecutorOptions {
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/**
 * Runs functions no more often than once in `thresholdMs`, and forgets the others.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const hourly = new LessExecutor(3_600_000);
 * assertEquals([hourly.doOrDiscard(() => {}), hourly.doOrDiscard(() => {})], [true, false]);
 * ```
 */
export class LessExecutor {
  readonly #thresholdMs: number;
  readonly #clock: Clock;
  #lastMs: number | undefined;

  /** `thresholdMs` must have passed since the last run, in ms, >= 0. @throws {RangeError} Otherwise. */
  constructor(thresholdMs: number, options: LessExecutorOptions = {}) {
    requireSpan("make less executor", { thresholdMs });
    this.#thresholdMs = thresholdMs;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Runs `fn` if it is time, and says whether it did. A `fn` that throws has had its turn, and the
   * caller gets what it threw.
   */
  doOrDiscard(fn: () => void): boolean {
    const now = this.#clock.now();
    if (this.#lastMs !== undefined && now - this.#lastMs <= this.#thresholdMs) return false;
    this.#lastMs = now;
    fn();
    return true;
  }
}
