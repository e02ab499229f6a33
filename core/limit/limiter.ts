/**
 * What every rate limiter answers, wherever it keeps its counts.
 *
 * @module
 */

/** Options for {@link Limiter.take}. */
export interface TakeOptions {
  /** How many units the call is worth, >= 0. @default {1} */
  cost?: number | undefined;
  /** Ends the wait for a remote limiter. A local one never waits. */
  signal?: AbortSignal | undefined;
}

/** The answer of a limiter, with all that `RateLimit` and `Retry-After` headers need. */
export interface LimitDecision {
  /** Whether the call may go ahead. A refused call has used nothing up. */
  readonly allowed: boolean;
  /** Most units that can be had at once: the quota of a window, the burst of a bucket. */
  readonly limit: number;
  /** Whole units left after this call. */
  readonly remaining: number;
  /** Milliseconds until all of `limit` is there again, if nothing more is taken. */
  readonly resetMs: number;
  /** Milliseconds until the same call can be allowed; 0 if it was, `Infinity` if it never can. */
  readonly retryAfterMs: number;
}

/**
 * Decides, for each key, whether a call may go ahead. Local limiters answer at once, remote ones with a
 * promise; `await` takes both.
 *
 * @example Answer 429 when a client calls too often
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { RateLimitError, TokenBucketLimiter } from "@zeno/zeno/core/limit";
 *
 * async function admit(limiter: Limiter, clientId: string): Promise<void> {
 *   const decision = await limiter.take(clientId);
 *   if (!decision.allowed) throw new RateLimitError(decision);
 * }
 * const limiter = new TokenBucketLimiter({ ratePerSecond: 1, burst: 2 });
 * await admit(limiter, "a");
 * await admit(limiter, "a");
 * await admit(limiter, "b");
 * await assertRejects(() => admit(limiter, "a"), RateLimitError, "over the limit of 2");
 * ```
 */
export interface Limiter {
  /** Takes `cost` units of what `key` has, or nothing. */
  take(key: string, options?: TakeOptions): LimitDecision | Promise<LimitDecision>;
}

/**
 * How a fixed window answers, in go-zero's words: within the quota, with its last unit, or over it.
 * `unknown` is for a remote limiter that could not be asked.
 */
export type WindowCode = "unknown" | "allowed" | "hit_quota" | "over_quota";

/** The answer of a fixed window. */
export interface WindowDecision extends LimitDecision {
  /** Where the call stands in its window. */
  readonly code: WindowCode;
}

/** A {@link Limiter} that counts calls in windows. */
export interface WindowLimiter extends Limiter {
  /** Takes `cost` units of the window of `key`, or nothing. */
  take(key: string, options?: TakeOptions): WindowDecision | Promise<WindowDecision>;
}

/** The numbers of the four codes, for those who speak to go-zero in numbers. */
export const WINDOW_CODE_NUMBERS: Readonly<Record<WindowCode, number>> = {
  unknown: 0,
  allowed: 1,
  hit_quota: 2,
  over_quota: 3,
};
