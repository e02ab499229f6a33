/**
 * A cap on what retries may add to the load of a callee.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { TokenBucket } from "../limit/token_bucket.ts";

/** Options for {@link RetryBudget}. */
export interface RetryBudgetOptions {
  /** Retries that each call earns, from 0 to 1. @default {0.1} */
  ratio?: number | undefined;
  /** Retries a second that need not be earned, >= 0: with few calls a tenth is nothing. @default {3} */
  minPerSecond?: number | undefined;
  /** Most earned retries that are kept for later, >= 1: the burst after a quiet time. @default {100} */
  maxBalance?: number | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/**
 * What all calls to one callee may retry: a tenth of the calls, and a few a second. When the callee is down
 * its load grows by a tenth and not by the number of attempts. Share one among all who call it.
 *
 * Of `n` calls in `s` seconds at most `ratio * n + minPerSecond * s`, and once the floor of a second, are
 * retried.
 *
 * @see Finagle's retry budget: https://twitter.github.io/finagle/guide/Clients.html#retries
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const budget = new RetryBudget({ ratio: 0.1, minPerSecond: 0 });
 * for (let i = 0; i < 20; i++) budget.recordCall();
 * assertEquals([budget.tryRetry(), budget.tryRetry(), budget.tryRetry()], [true, true, false]);
 * ```
 */
export class RetryBudget {
  readonly #ratio: number;
  readonly #maxBalance: number;
  readonly #floor: TokenBucket | undefined;
  #balance = 0;

  /**
   * Makes a budget of which nothing is earned yet.
   *
   * @throws {RangeError} If an option is out of range.
   */
  constructor(options: RetryBudgetOptions = {}) {
    const { ratio = 0.1, minPerSecond = 3, maxBalance = 100, clock } = options;
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new RangeError(`Cannot make retry budget: need ratio from 0 to 1, got ${ratio}`);
    }
    if (!(minPerSecond >= 0 && minPerSecond < Infinity)) {
      throw new RangeError(
        `Cannot make retry budget: need a finite minPerSecond >= 0, got ${minPerSecond}`,
      );
    }
    if (!(maxBalance >= 1)) {
      throw new RangeError(`Cannot make retry budget: need maxBalance >= 1, got ${maxBalance}`);
    }
    this.#ratio = ratio;
    this.#maxBalance = maxBalance;
    // A floor below one a second still adds up to whole retries.
    const burst = Math.max(1, minPerSecond);
    this.#floor = minPerSecond > 0
      ? new TokenBucket({ ratePerSecond: minPerSecond, burst, clock })
      : undefined;
  }

  /** Retries that could be had at once; may be fractional. */
  get balance(): number {
    return this.#balance + (this.#floor?.available ?? 0);
  }

  /** Tells of a call, not of a retry. */
  recordCall(): void {
    this.#balance = Math.min(this.#maxBalance, this.#balance + this.#ratio);
  }

  /** Takes one retry, if there is one: the floor first, it would be lost otherwise. */
  tryRetry(): boolean {
    if (this.#floor?.tryTake()) return true;
    // Ten times a tenth is a little less than one.
    if (this.#balance < 1 - 1e-9) return false;
    this.#balance = Math.max(0, this.#balance - 1);
    return true;
  }
}
