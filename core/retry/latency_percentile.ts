/**
 * What most calls take, measured as they come.
 *
 * @module
 */

/** Options for {@link LatencyPercentile}. */
export interface LatencyPercentileOptions {
  /** Share of the calls that are faster, between 0 and 1. @default {0.95} */
  percentile?: number | undefined;
  /** What to answer until enough is known, in ms, >= 0. @default {100} */
  initialMs?: number | undefined;
  /** Least to answer, in ms, >= 0. @default {1} */
  minMs?: number | undefined;
  /** Calls that must be known, an integer >= 1. @default {50} */
  minSamples?: number | undefined;
  /** Calls after which what was before counts half, an integer >= `minSamples`. @default {1000} */
  windowSamples?: number | undefined;
}

/** Width of a bucket: an answer is at most a tenth too high. */
const GROWTH = Math.log(1.1);
/** 0.01 ms, the upper edge of the first bucket; the last ends at about a day. */
const FIRST_MS = 0.01;
const BUCKETS = 240;
/** Answers are computed anew after so many calls. */
const REFRESH = 16;

/**
 * A running percentile of latencies, in constant memory: a histogram with buckets that grow, in which older
 * calls count less and less.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * const p95 = new LatencyPercentile({ percentile: 0.95 });
 * for (let ms = 1; ms <= 1000; ms++) p95.observe(ms);
 * assert(p95.valueMs > 900 && p95.valueMs < 1100);
 * ```
 */
export class LatencyPercentile {
  readonly #percentile: number;
  readonly #minMs: number;
  readonly #minSamples: number;
  readonly #windowSamples: number;
  readonly #counts = new Float64Array(BUCKETS);
  #total = 0;
  #sinceRefresh = 0;
  #valueMs: number;

  /**
   * Makes one that knows of no call.
   *
   * @throws {RangeError} If an option is out of range.
   */
  constructor(options: LatencyPercentileOptions = {}) {
    const { percentile = 0.95, initialMs = 100, minMs = 1, minSamples = 50 } = options;
    const { windowSamples = Math.max(1000, minSamples) } = options;
    const bounds: readonly [string, number, boolean][] = [
      ["percentile between 0 and 1", percentile, percentile > 0 && percentile < 1],
      ["a finite initialMs >= 0", initialMs, initialMs >= 0 && initialMs < Infinity],
      ["a finite minMs >= 0", minMs, minMs >= 0 && minMs < Infinity],
      ["an integer minSamples >= 1", minSamples, Number.isInteger(minSamples) && minSamples >= 1],
      [
        "an integer windowSamples >= minSamples",
        windowSamples,
        Number.isInteger(windowSamples) && windowSamples >= minSamples,
      ],
    ];
    for (const [need, value, holds] of bounds) {
      if (!holds) throw new RangeError(`Cannot measure latency: need ${need}, got ${value}`);
    }
    this.#percentile = percentile;
    this.#minMs = minMs;
    this.#minSamples = minSamples;
    this.#windowSamples = windowSamples;
    this.#valueMs = Math.max(minMs, initialMs);
  }

  /** The percentile in ms. */
  get valueMs(): number {
    return this.#valueMs;
  }

  /** Tells of a call that took so long. A time that is no number >= 0 is left out. */
  observe(latencyMs: number): void {
    if (!(latencyMs >= 0)) return;
    const bucket = Math.ceil(Math.log(latencyMs / FIRST_MS) / GROWTH);
    const index = Math.min(BUCKETS - 1, Math.max(0, bucket));
    this.#counts[index] = this.#counts[index]! + 1;
    this.#total++;
    this.#sinceRefresh++;
    if (this.#total < this.#minSamples || this.#sinceRefresh < REFRESH) return;
    this.#sinceRefresh = 0;
    if (this.#total >= 2 * this.#windowSamples) this.#halve();
    this.#valueMs = Math.max(this.#minMs, this.#compute());
  }

  #halve(): void {
    for (let i = 0; i < BUCKETS; i++) this.#counts[i] = this.#counts[i]! / 2;
    this.#total /= 2;
  }

  #compute(): number {
    let left = this.#total * this.#percentile;
    for (let i = 0; i < BUCKETS; i++) {
      left -= this.#counts[i]!;
      if (left <= 0) return FIRST_MS * Math.exp(i * GROWTH);
    }
    return FIRST_MS * Math.exp(BUCKETS * GROWTH);
  }
}
