/**
 * So many calls a period, for each key.
 *
 * @module
 */

import { type Clock, systemClock } from "../clock.ts";
import { checkCost, checkCount, checkPositive } from "./_check_options.ts";
import { RecentKeys } from "./_recent_keys.ts";
import type { TakeOptions, WindowCode, WindowDecision, WindowLimiter } from "./limiter.ts";

/** Options for {@link FixedWindowLimiter}. */
export interface FixedWindowLimiterOptions {
  /** Length of a window in ms, > 0. */
  periodMs: number;
  /** Units that can be had in a window, an integer >= 0. With 0 all calls are refused. */
  quota: number;
  /**
   * Whether windows end at multiples of the period in local time, a day's at midnight. Otherwise the
   * window of a key begins with its first call. @default {false}
   */
  align?: boolean | undefined;
  /** Local time minus UTC in ms, for `align`. @default {that of the process, when the window begins} */
  utcOffsetMs?: number | undefined;
  /** How many keys are surely remembered, an integer >= 1; up to twice as many are. @default {100_000} */
  maxKeys?: number | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/** The state of one key. */
interface Window {
  used: number;
  endsAtMs: number;
}

/**
 * Lets `quota` calls through in each window, for each key, in this process. What go-zero calls a period
 * limit, with its codes: the call that takes the last unit is told `hit_quota` and may go ahead.
 *
 * Up to twice the quota can pass around the end of a window; a `TokenBucketLimiter` has no such edge. A
 * window is never made longer by calls in it. Memory is bounded as there.
 *
 * @example Three SMS a day
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const limiter = new FixedWindowLimiter({ periodMs: 86_400_000, quota: 3, align: true });
 * const codes = [1, 2, 3, 4].map(() => limiter.take("+49 30 901820").code);
 * assertEquals(codes, ["allowed", "allowed", "hit_quota", "over_quota"]);
 * ```
 */
export class FixedWindowLimiter implements WindowLimiter {
  readonly #periodMs: number;
  readonly #quota: number;
  readonly #align: boolean;
  readonly #utcOffsetMs: number | undefined;
  readonly #clock: Clock;
  readonly #windows: RecentKeys<Window>;

  /**
   * Makes a limiter of which nothing is used.
   *
   * @throws {RangeError} If an option is out of range.
   */
  constructor(options: FixedWindowLimiterOptions) {
    const { periodMs, quota, align = false, utcOffsetMs, maxKeys = 100_000 } = options;
    checkPositive("make fixed window limiter", "periodMs", periodMs);
    checkCount("make fixed window limiter", "maxKeys", maxKeys);
    if (!(Number.isInteger(quota) && quota >= 0)) {
      throw new RangeError(
        `Cannot make fixed window limiter: need an integer quota >= 0, got ${quota}`,
      );
    }
    if (utcOffsetMs !== undefined && !Number.isFinite(utcOffsetMs)) {
      throw new RangeError(
        `Cannot make fixed window limiter: need a finite utcOffsetMs, got ${utcOffsetMs}`,
      );
    }
    this.#periodMs = periodMs;
    this.#quota = quota;
    this.#align = align;
    this.#utcOffsetMs = utcOffsetMs;
    this.#clock = options.clock ?? systemClock;
    this.#windows = new RecentKeys(maxKeys, periodMs);
  }

  /** Number of windows in memory. */
  get size(): number {
    return this.#windows.size;
  }

  /**
   * Takes `cost` units of the window of `key` if there are as many, else none.
   *
   * @throws {RangeError} If `cost` is not >= 0.
   */
  take(key: string, options?: TakeOptions): WindowDecision {
    const cost = options?.cost ?? 1;
    checkCost(cost);
    const nowMs = this.#clock.now();
    const window = this.#windowOf(key, nowMs);
    const allowed = window.used + cost <= this.#quota;
    if (allowed) window.used += cost;
    const resetMs = window.endsAtMs - nowMs;
    return {
      code: this.#codeOf(allowed, window.used),
      allowed,
      limit: this.#quota,
      remaining: Math.floor(this.#quota - window.used),
      resetMs,
      retryAfterMs: allowed ? 0 : cost > this.#quota ? Infinity : resetMs,
    };
  }

  #codeOf(allowed: boolean, used: number): WindowCode {
    if (!allowed) return "over_quota";
    return used < this.#quota ? "allowed" : "hit_quota";
  }

  #windowOf(key: string, nowMs: number): Window {
    const known = this.#windows.get(key, nowMs);
    if (known && nowMs < known.endsAtMs) return known;
    const endsAtMs = nowMs + this.#lengthMs();
    if (known) {
      known.used = 0;
      known.endsAtMs = endsAtMs;
      return known;
    }
    const window: Window = { used: 0, endsAtMs };
    this.#windows.add(key, window, nowMs);
    return window;
  }

  /** How long a window lasts that begins now: more than 0, at most the period. */
  #lengthMs(): number {
    if (!this.#align) return this.#periodMs;
    const wallMs = this.#clock.wallTime();
    const localMs = wallMs + (this.#utcOffsetMs ?? offsetAt(wallMs));
    const intoPeriodMs = localMs - Math.floor(localMs / this.#periodMs) * this.#periodMs;
    return this.#periodMs - intoPeriodMs;
  }
}

function offsetAt(wallMs: number): number {
  return -new Date(wallMs).getTimezoneOffset() * 60_000;
}
