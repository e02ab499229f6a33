/**
 * Limits: how many at once, how many a second, how many a day.
 *
 * | limit | bounds | over it |
 * |---|---|---|
 * | {@link Semaphore} | what is held at once | waits in order, or `undefined` |
 * | {@link ConcurrencyLimiter} | calls in flight, fixed or by a {@link GradientLimit} | refuses |
 * | {@link TokenBucket}, {@link TokenBucketLimiter} | a rate with bursts, for all or by key | refuses |
 * | {@link FixedWindowLimiter} | calls a period, by key | refuses |
 *
 * The limiters by key are {@link Limiter}s; those that share their counts between processes are too.
 *
 * @example Three calls a second, ten at once after a pause, for each client
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { TokenBucketLimiter } from "@zeno/zeno/core/limit";
 *
 * const limiter = new TokenBucketLimiter({ ratePerSecond: 3, burst: 10 });
 * const { allowed, remaining } = limiter.take("192.0.2.7");
 * assertEquals([allowed, remaining], [true, 9]);
 * ```
 *
 * @module
 */

export * from "./concurrency_limiter.ts";
export * from "./errors.ts";
export * from "./fixed_window_limiter.ts";
export * from "./gradient_limit.ts";
export * from "./limiter.ts";
export * from "./semaphore.ts";
export * from "./token_bucket.ts";
export * from "./token_bucket_limiter.ts";
