/**
 * A concurrency limit that follows the latency.
 *
 * @module
 */

import { type Random, systemRandom } from "../clock.ts";
import { checkCount, checkPositive } from "./_check_options.ts";
import type { AdaptiveLimit, CallSample } from "./concurrency_limiter.ts";

/** Options for {@link GradientLimit}. */
export interface GradientLimitOptions {
  /** Limit to begin with, an integer from `minLimit` to `maxLimit`. @default {20} */
  initialLimit?: number | undefined;
  /** Lowest limit, an integer >= 1. @default {3} */
  minLimit?: number | undefined;
  /** Highest limit, an integer >= `minLimit`. @default {1000} */
  maxLimit?: number | undefined;
  /** Latency that is still good, as a multiple of that without load; > 1. @default {1.25} */
  tolerance?: number | undefined;
  /** Shortest time between two changes of the limit, in ms. @default {100} */
  windowMs?: number | undefined;
  /** Calls that a change of the limit must rest on, an integer >= 1. @default {10} */
  minSamples?: number | undefined;
  /** Time between two measurements of the latency without load, in ms. @default {30_000} */
  probeEveryMs?: number | undefined;
  /** Spreads the measurements of many processes. @default {systemRandom} */
  random?: Random | undefined;
}

/** Per window the limit halves at most: one slow call in a quiet moment must not close the door. */
const STEEPEST = 0.5;
/** What overload takes off the limit, as TCP's additive increase and multiplicative decrease do. */
const BACKOFF = 0.9;

type Rules = Readonly<Record<keyof Omit<GradientLimitOptions, "random" | "initialLimit">, number>>;

/** Sums of the calls that ended in a window. */
interface Tally {
  endsAtMs: number;
  count: number;
  latencyMs: number;
  maxInFlight: number;
  overloaded: boolean;
}

/**
 * Finds how many calls the callee can work on at once. While calls take about as long as they do without
 * load the limit grows, by the square root of itself a window; when they take longer it shrinks in
 * proportion. What they take without load is measured every `probeEveryMs`, at half the limit for as
 * many calls as it takes.
 *
 * A limit that is not used up does not grow: nothing would be known about it.
 *
 * @see Envoy's adaptive concurrency filter: https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/adaptive_concurrency_filter
 * @see Netflix, concurrency-limits: https://github.com/Netflix/concurrency-limits
 * @example
 * ```ts
 * import { ConcurrencyLimiter } from "@zeno/zeno/core/limit";
 * const limiter = new ConcurrencyLimiter(new GradientLimit({ initialLimit: 10, maxLimit: 200 }));
 * await limiter.run(() => Promise.resolve("a call to a database"));
 * ```
 */
export class GradientLimit implements AdaptiveLimit {
  readonly #rules: Rules;
  readonly #random: Random;
  #limit: number;
  #baselineMs: number | undefined;
  #tally: Tally | undefined;
  #nextProbeAtMs = 0;
  /** When the running measurement began; calls that began before it saw more load. */
  #probeSinceMs: number | undefined;

  /**
   * Makes a limit that knows nothing of the callee yet.
   *
   * @throws {RangeError} If an option is out of range.
   */
  constructor(options: GradientLimitOptions = {}) {
    const { minLimit = 3, maxLimit = 1000, tolerance = 1.25, windowMs = 100 } = options;
    const { minSamples = 10, probeEveryMs = 30_000 } = options;
    const { initialLimit = Math.min(Math.max(20, minLimit), maxLimit) } = options;
    const what = "make gradient limit";
    checkCount(what, "minLimit", minLimit);
    checkCount(what, "minSamples", minSamples);
    checkPositive(what, "windowMs", windowMs);
    checkPositive(what, "probeEveryMs", probeEveryMs);
    if (!(Number.isInteger(maxLimit) && maxLimit >= minLimit)) {
      throw new RangeError(`Cannot ${what}: need an integer maxLimit >= minLimit, got ${maxLimit}`);
    }
    if (!(Number.isInteger(initialLimit) && initialLimit >= minLimit && initialLimit <= maxLimit)) {
      throw new RangeError(
        `Cannot ${what}: need an integer initialLimit from ${minLimit} to ${maxLimit}, got ${initialLimit}`,
      );
    }
    if (!(tolerance > 1 && tolerance < Infinity)) {
      throw new RangeError(`Cannot ${what}: need a finite tolerance > 1, got ${tolerance}`);
    }
    this.#rules = { minLimit, maxLimit, tolerance, windowMs, minSamples, probeEveryMs };
    this.#random = options.random ?? systemRandom;
    this.#limit = initialLimit;
  }

  /** How many calls may be in flight now. */
  get limit(): number {
    const { minLimit } = this.#rules;
    const limit = this.#probeSinceMs === undefined ? this.#limit : this.#limit / 2;
    return Math.max(minLimit, Math.floor(limit));
  }

  /** What a call takes without load, in ms, once that has been measured. */
  get baselineMs(): number | undefined {
    return this.#baselineMs;
  }

  /** Takes a call into account. */
  observe(sample: CallSample): void {
    if (sample.outcome === "ignore") return;
    if (this.#probeSinceMs !== undefined && sample.startedAtMs < this.#probeSinceMs) return;
    const tally = this.#tally ??= this.#newTally(sample.endedAtMs);
    tally.count++;
    tally.latencyMs += sample.endedAtMs - sample.startedAtMs;
    tally.maxInFlight = Math.max(tally.maxInFlight, sample.inFlight);
    tally.overloaded ||= sample.outcome === "overload";
    if (tally.count < this.#rules.minSamples || sample.endedAtMs < tally.endsAtMs) return;
    this.#tally = undefined;
    this.#conclude(tally, sample.endedAtMs);
  }

  #newTally(nowMs: number): Tally {
    const endsAtMs = nowMs + this.#rules.windowMs;
    return { endsAtMs, count: 0, latencyMs: 0, maxInFlight: 0, overloaded: false };
  }

  #conclude(tally: Tally, nowMs: number): void {
    const latencyMs = tally.latencyMs / tally.count;
    if (this.#baselineMs === undefined || this.#probeSinceMs !== undefined) {
      this.#baselineMs = latencyMs;
      this.#probeSinceMs = undefined;
      // A tenth either way, so that the processes of a fleet do not all hold back at once.
      this.#nextProbeAtMs = nowMs + this.#rules.probeEveryMs * (0.9 + 0.2 * this.#random());
      return;
    }
    this.#limit = this.#next(tally, latencyMs, this.#baselineMs);
    if (nowMs >= this.#nextProbeAtMs) this.#probeSinceMs = nowMs;
  }

  #next(tally: Tally, latencyMs: number, baselineMs: number): number {
    const { minLimit, maxLimit, tolerance } = this.#rules;
    if (tally.overloaded) return Math.max(minLimit, this.#limit * BACKOFF);
    // No latency at all is below every measure.
    const ratio = latencyMs > 0 ? tolerance * baselineMs / latencyMs : 1;
    const gradient = Math.min(1, Math.max(STEEPEST, ratio));
    const next = this.#limit * gradient + Math.sqrt(this.#limit);
    if (next > this.#limit && tally.maxInFlight < this.#limit / 2) return this.#limit;
    return Math.min(maxLimit, Math.max(minLimit, next));
  }
}
