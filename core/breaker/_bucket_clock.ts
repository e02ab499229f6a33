import type { Clock } from "../clock.ts";

/** Most successes that share one look at the clock. */
const MAX_BATCH = 64;

/** The part of a bucket that a batch must fit into to be doubled. */
const BATCH_PART = 0.1;

/**
 * Time in whole buckets, for all breakers that share a clock and a bucket size.
 *
 * A read of the clock costs more than all the rest of a call, and what it decides about a success is
 * only which of forty buckets it is counted in. So while calls come fast, one read serves up to 64 of
 * them. After a pause that many successes may land in an older bucket and leave the window a little
 * early; nothing else changes. Decisions and failures always get the time that is.
 */
export class BucketClock {
  readonly #clock: Clock;
  readonly #bucketMs: number;
  #left = 0;
  #batch = 1;
  #readMs = 0;
  #bucket = 0;

  constructor(clock: Clock, bucketMs: number) {
    this.#clock = clock;
    this.#bucketMs = bucketMs;
  }

  /** The bucket that `nowMs` is in. */
  bucketOf(nowMs: number): number {
    return Math.floor(nowMs / this.#bucketMs);
  }

  /** The bucket of now, or that of a moment ago. */
  recent(): number {
    if (this.#left > 0) this.#left--;
    else this.#read();
    return this.#bucket;
  }

  #read(): void {
    const nowMs = this.#clock.now();
    const fits = nowMs - this.#readMs <= this.#bucketMs * BATCH_PART;
    this.#batch = fits ? Math.min(this.#batch * 2, MAX_BATCH) : 1;
    this.#left = this.#batch - 1;
    this.#readMs = nowMs;
    this.#bucket = this.bucketOf(nowMs);
  }
}

const clocks = new WeakMap<Clock, Map<number, BucketClock>>();

/** The one bucket clock of `clock` for this size: many breakers share each look, so all need fewer. */
export function bucketClockOf(clock: Clock, bucketMs: number): BucketClock {
  let sizes = clocks.get(clock);
  if (!sizes) clocks.set(clock, sizes = new Map());
  let bucketClock = sizes.get(bucketMs);
  if (!bucketClock) sizes.set(bucketMs, bucketClock = new BucketClock(clock, bucketMs));
  return bucketClock;
}
