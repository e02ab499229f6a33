import type { Clock } from "../clock.ts";
import { RollingWindow, type WindowBucket } from "../collection/rolling_window.ts";

/** Least mean latency where nothing is known, in ms; also the most it can be. */
export const DEFAULT_LATENCY_MS = 1000;

class Served implements WindowBucket {
  count = 0;
  /** In whole milliseconds each, rounded up, as go-zero counts. */
  latencyMs = 0;
  exactMs = 0;

  reset(): void {
    this.count = this.latencyMs = this.exactMs = 0;
  }
}

/**
 * What a process has proved it can do: the most it served in a bucket and the best mean latency. The
 * bucket in use is left out, so both change only when a bucket ends and reading them is free.
 */
export class CapacityWindow {
  readonly #window: RollingWindow<Served>;
  readonly #bucketMs: number;
  #isStale = false;
  /** Most requests served in a bucket, at least 1. */
  maxPass = 1;
  /** Least mean latency of a bucket, in whole ms; undefined if nothing was served. */
  minLatencyMs: number | undefined;
  /** Mean latency of all that was served, in ms; undefined if nothing was. */
  meanLatencyMs: number | undefined;

  constructor(options: { windowMs: number; buckets: number; clock: Clock }) {
    const { windowMs, buckets, clock } = options;
    this.#bucketMs = windowMs / buckets;
    this.#window = new RollingWindow({
      buckets,
      bucketMs: this.#bucketMs,
      create: () => new Served(),
      ignoreCurrent: true,
      onExpire: () => this.#isStale = true,
      clock,
    });
  }

  /** Most requests served in a millisecond. */
  get ratePerMs(): number {
    return this.maxPass / this.#bucketMs;
  }

  /** Brings the figures up to `nowMs`. Answers whether they may have changed. */
  refresh(nowMs: number): boolean {
    this.#window.current(nowMs);
    if (!this.#isStale) return false;
    this.#isStale = false;
    let maxPass = 1;
    let minLatencyMs: number | undefined;
    let [served, servedMs] = [0, 0];
    this.#window.forEach(({ count, latencyMs, exactMs }) => {
      if (count === 0) return;
      served += count;
      servedMs += exactMs;
      maxPass = Math.max(maxPass, count);
      minLatencyMs = Math.min(minLatencyMs ?? DEFAULT_LATENCY_MS, Math.round(latencyMs / count));
    }, nowMs);
    this.maxPass = maxPass;
    this.minLatencyMs = minLatencyMs;
    this.meanLatencyMs = served === 0 ? undefined : servedMs / served;
    return true;
  }

  add(latencyMs: number, nowMs: number): void {
    const bucket = this.#window.current(nowMs);
    bucket.count++;
    bucket.latencyMs += Math.ceil(latencyMs);
    bucket.exactMs += latencyMs;
  }
}
