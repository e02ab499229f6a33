/**
 * A token bucket for each key.
 *
 * @module
 */

import { type Clock, systemClock } from "../clock.ts";
import { Bucket, type BucketRules, bucketRules } from "./_bucket.ts";
import { checkCost, checkCount } from "./_check_options.ts";
import { RecentKeys } from "./_recent_keys.ts";
import type { LimitDecision, Limiter, TakeOptions } from "./limiter.ts";
import type { TokenBucketOptions } from "./token_bucket.ts";

/** Options for {@link TokenBucketLimiter}. */
export interface TokenBucketLimiterOptions extends TokenBucketOptions {
  /**
   * How many keys are surely remembered, an integer >= 1. Up to twice as many are kept. A forgotten key
   * begins with a full bucket, so this is also how many other keys someone must use to get a new
   * burst. @default {100_000}
   */
  maxKeys?: number | undefined;
}

/**
 * A token bucket for each key, such as a client's id or address, in this process.
 *
 * Memory is bounded: the least recently used keys are forgotten when there are too many, and so is every
 * bucket that has had the time to fill up, which is not to be told from a new one. There is no timer.
 *
 * @example A client that calls too often
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FakeClock } from "@zeno/zeno/core/testing";
 * const clock = new FakeClock();
 * const limiter = new TokenBucketLimiter({ ratePerSecond: 5, burst: 10, clock });
 * for (let i = 0; i < 10; i++) limiter.take("192.0.2.7");
 * const decision = limiter.take("192.0.2.7");
 * assertEquals(decision, {
 *   allowed: false,
 *   limit: 10,
 *   remaining: 0,
 *   resetMs: 2000,
 *   retryAfterMs: 200,
 * });
 * ```
 */
export class TokenBucketLimiter implements Limiter {
  readonly #rules: BucketRules;
  readonly #clock: Clock;
  readonly #buckets: RecentKeys<Bucket>;

  /**
   * Makes a limiter in which every bucket is full.
   *
   * @throws {RangeError} If an option is out of range.
   */
  constructor(options: TokenBucketLimiterOptions) {
    const { maxKeys = 100_000, clock = systemClock } = options;
    checkCount("make token bucket limiter", "maxKeys", maxKeys);
    this.#rules = bucketRules(options);
    this.#clock = clock;
    const { burst, ratePerSecond, refillEveryMs } = this.#rules;
    // Unused for so long, a bucket is full. A step may come up to one step late.
    const fillMs = burst * 1000 / ratePerSecond + refillEveryMs;
    this.#buckets = new RecentKeys(maxKeys, Math.max(fillMs, 1000));
  }

  /** Number of buckets in memory. */
  get size(): number {
    return this.#buckets.size;
  }

  /**
   * Takes `cost` tokens of the bucket of `key` if there are as many, else none.
   *
   * @throws {RangeError} If `cost` is not >= 0.
   */
  tryTake(key: string, cost = 1): boolean {
    checkCost(cost);
    const nowMs = this.#clock.now();
    return this.#bucketOf(key, nowMs).tryTake(this.#rules, nowMs, cost);
  }

  /**
   * As {@link tryTake}, with all that `RateLimit` headers need.
   *
   * @throws {RangeError} If `cost` is not >= 0.
   */
  take(key: string, options?: TakeOptions): LimitDecision {
    const cost = options?.cost ?? 1;
    checkCost(cost);
    const nowMs = this.#clock.now();
    return this.#bucketOf(key, nowMs).take(this.#rules, nowMs, cost);
  }

  #bucketOf(key: string, nowMs: number): Bucket {
    const known = this.#buckets.get(key, nowMs);
    if (known) return known;
    const bucket = new Bucket(this.#rules, nowMs);
    this.#buckets.add(key, bucket, nowMs);
    return bucket;
  }
}
