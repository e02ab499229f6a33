/**
 * Counts over the last few seconds, in buckets that fall out one by one.
 *
 * @module
 */

import { type Clock, systemClock } from "../clock.ts";

/** One slice of a {@link RollingWindow}: anything that can be emptied. */
export interface WindowBucket {
  /** Empties the bucket, so that it can stand for a later slice of time. */
  reset(): void;
}

/** Options for {@link RollingWindow}. */
export interface RollingWindowOptions<B extends WindowBucket> {
  /** Number of buckets, an integer >= 1. The window spans `buckets * bucketMs`. */
  buckets: number;
  /** Time that one bucket stands for, in ms, > 0. */
  bucketMs: number;
  /** Makes an empty bucket. Called `buckets` times, all in the constructor. */
  create: () => B;
  /** Whether {@link RollingWindow.forEach} leaves out the bucket that is still being filled. @default {false} */
  ignoreCurrent?: boolean;
  /**
   * Called with each bucket that leaves the window, before it is emptied, so that a caller can keep
   * running sums. If it throws, the bucket is emptied all the same and the error goes to whoever moved
   * the window.
   */
  onExpire?: (bucket: B) => void;
  /** Time source. @default {systemClock} */
  clock?: Clock;
}

/**
 * A ring of buckets over the last `buckets * bucketMs` milliseconds.
 *
 * Getting the current bucket costs a clock read and a comparison; only when time has moved on are the
 * elapsed buckets emptied, each at most once however long the pause. Nothing runs in the background.
 *
 * Reading with {@link forEach} costs one step a bucket. Hot paths keep running sums instead: add to
 * them whenever you add to {@link current}, subtract in `onExpire`, and call `current` before reading.
 *
 * @example Sum the last 300 ms
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FakeClock } from "../testing/fake_clock.ts";
 * import { SumBucket } from "./sum_bucket.ts";
 * const clock = new FakeClock();
 * const window = new RollingWindow({
 *   buckets: 3,
 *   bucketMs: 100,
 *   create: () => new SumBucket(),
 *   clock,
 * });
 * window.current().add(5);
 * clock.elapse(100);
 * window.current().add(7);
 * let sum = 0;
 * window.forEach((bucket) => sum += bucket.sum);
 * assertEquals(sum, 12);
 * clock.elapse(3_600_000);
 * sum = 0;
 * window.forEach((bucket) => sum += bucket.sum);
 * assertEquals(sum, 0);
 * ```
 */
export class RollingWindow<B extends WindowBucket> {
  readonly #buckets: B[];
  readonly #bucketMs: number;
  readonly #ignoreCurrent: boolean;
  readonly #onExpire: ((bucket: B) => void) | undefined;
  readonly #clock: Clock;
  #offset = 0;
  #current: B;
  /** When the current bucket began, on the clock. */
  #startMs: number;

  /** Makes an empty window whose first bucket begins now. */
  constructor(options: RollingWindowOptions<B>) {
    const { buckets, bucketMs, create, ignoreCurrent = false, clock = systemClock } = options;
    if (!(Number.isInteger(buckets) && buckets >= 1)) {
      throw new RangeError(
        `Cannot make rolling window: need an integer buckets >= 1, got ${buckets}`,
      );
    }
    if (!(bucketMs > 0 && bucketMs < Infinity)) {
      throw new RangeError(
        `Cannot make rolling window: need a finite bucketMs > 0, got ${bucketMs}`,
      );
    }
    this.#buckets = Array.from({ length: buckets }, () => create());
    this.#bucketMs = bucketMs;
    this.#ignoreCurrent = ignoreCurrent;
    this.#onExpire = options.onExpire;
    this.#clock = clock;
    this.#current = this.#buckets[0]!;
    this.#startMs = clock.now();
  }

  /** Number of buckets. */
  get size(): number {
    return this.#buckets.length;
  }

  /**
   * The bucket that stands for now, after the buckets that have elapsed were dropped.
   *
   * @param nowMs The clock's `now()`, where the caller has read it already.
   */
  current(nowMs: number = this.#clock.now()): B {
    const elapsedMs = nowMs - this.#startMs;
    if (elapsedMs >= this.#bucketMs || elapsedMs < 0) this.#advance(elapsedMs);
    return this.#current;
  }

  /**
   * Visits the buckets that are still inside the window, oldest first, and changes nothing.
   *
   * @param nowMs The clock's `now()`, where the caller has read it already.
   */
  forEach(visit: (bucket: B) => void, nowMs: number = this.#clock.now()): void {
    const size = this.#buckets.length;
    const steps = this.#stepsIn(nowMs - this.#startMs);
    // Once time has moved on nobody fills the current slice, so there is nothing to leave out.
    const count = steps === 0 && this.#ignoreCurrent ? size - 1 : size - steps;
    for (let i = 0; i < count; i++) {
      visit(this.#buckets[(this.#offset + steps + 1 + i) % size]!);
    }
  }

  /** Empties every bucket; the first begins now. `onExpire` hears of each. */
  clear(): void {
    for (let i = 0; i < this.#buckets.length; i++) this.#step();
    this.#startMs = this.#clock.now();
  }

  /** How many buckets `elapsedMs` drops; a time before the current bucket drops all of them. */
  #stepsIn(elapsedMs: number): number {
    const steps = Math.floor(elapsedMs / this.#bucketMs);
    return steps >= 0 && steps < this.#buckets.length ? steps : this.#buckets.length;
  }

  #advance(elapsedMs: number): void {
    const elapsed = Math.floor(elapsedMs / this.#bucketMs);
    const steps = this.#stepsIn(elapsedMs);
    // Skip what lies beyond one full turn. The rest moves bucket by bucket, so that the window is
    // whole even when `onExpire` throws half-way.
    this.#startMs += (elapsed - steps) * this.#bucketMs;
    for (let i = 0; i < steps; i++) this.#step();
  }

  #step(): void {
    this.#startMs += this.#bucketMs;
    this.#offset = (this.#offset + 1) % this.#buckets.length;
    const bucket = this.#buckets[this.#offset]!;
    this.#current = bucket;
    try {
      this.#onExpire?.(bucket);
    } finally {
      bucket.reset();
    }
  }
}
