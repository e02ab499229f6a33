/**
 * One token bucket.
 *
 * @module
 */

import { type Clock, systemClock } from "../clock.ts";
import { Bucket, type BucketRules, bucketRules } from "./_bucket.ts";
import { checkCost } from "./_check_options.ts";
import type { LimitDecision } from "./limiter.ts";

/** Options for {@link TokenBucket}. */
export interface TokenBucketOptions {
  /** Tokens that flow in each second, > 0. The rate that can be kept up. */
  ratePerSecond: number;
  /** Most tokens that the bucket holds, > 0. The number of calls that can come at once. */
  burst: number;
  /**
   * Step in which tokens flow in, in ms. 0 is a steady flow; 1000 adds a second's tokens when the second
   * changes, as go-zero's script for Redis does. @default {0}
   */
  refillEveryMs?: number | undefined;
  /** Time source; only its monotonic time is read. @default {systemClock} */
  clock?: Clock | undefined;
}

/**
 * Lets calls through at a steady rate, and a burst of them after a pause. Starts full. Never waits.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FakeClock } from "@zeno/zeno/core/testing";
 * const clock = new FakeClock();
 * const bucket = new TokenBucket({ ratePerSecond: 10, burst: 2, clock });
 * assertEquals([bucket.tryTake(), bucket.tryTake(), bucket.tryTake()], [true, true, false]);
 * clock.elapse(100);
 * assertEquals(bucket.tryTake(), true);
 * ```
 */
export class TokenBucket {
  readonly #rules: BucketRules;
  readonly #clock: Clock;
  readonly #bucket: Bucket;

  /**
   * Makes a full bucket.
   *
   * @throws {RangeError} If an option is out of range.
   */
  constructor(options: TokenBucketOptions) {
    this.#rules = bucketRules(options);
    this.#clock = options.clock ?? systemClock;
    this.#bucket = new Bucket(this.#rules, this.#clock.now());
  }

  /** Tokens in the bucket now; may be fractional. */
  get available(): number {
    this.#bucket.refill(this.#rules, this.#clock.now());
    return this.#bucket.tokens;
  }

  /**
   * Takes `cost` tokens if there are as many, else none.
   *
   * @throws {RangeError} If `cost` is not >= 0.
   */
  tryTake(cost = 1): boolean {
    checkCost(cost);
    return this.#bucket.tryTake(this.#rules, this.#clock.now(), cost);
  }

  /**
   * As {@link tryTake}, with all that `RateLimit` headers need.
   *
   * @throws {RangeError} If `cost` is not >= 0.
   */
  take(cost = 1): LimitDecision {
    checkCost(cost);
    return this.#bucket.take(this.#rules, this.#clock.now(), cost);
  }
}
