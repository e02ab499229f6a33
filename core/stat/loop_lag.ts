import { type Clock, systemClock, type Timer } from "../clock.ts";

/** Options for {@link LoopLag}. */
export interface LoopLagOptions {
  /** Time between two looks at the loop, in ms, > 0. @default {2} */
  periodMs?: number | undefined;
  /** How long it goes on looking after it was last asked, in ms, >= 0. @default {1000} */
  idleMs?: number | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/** Samples kept, an eighth of a minute of them when the loop is idle and more when it is not. */
const KEPT = 1024;

/** Timers wobble by this much on a loop that has nothing to do, in ms. */
const NOISE_MS = 0.5;

/** What is this long ago counts a third of what is now, for the share of time that the loop was busy. */
const BUSY_MEMORY_MS = 1500;

/** A sample this late, and so many times later than the one before, is a stall and not a queue. */
const STALL_MS = 50;
const STALL_FACTOR = 4;

/** Weight of a new sample in the average. */
const WEIGHT = 0.1;

/**
 * How late the event loop is: the time that a timer, and so a request, waits for its turn. The share
 * of the processors that a process uses says little about one JavaScript thread, and the
 * runtime's own measures of the loop read zero, so this looks for itself.
 *
 * It looks while somebody asks; a loop that nobody asks about has no timer.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FakeClock } from "../testing/fake_clock.ts";
 * const clock = new FakeClock();
 * using lag = new LoopLag({ clock });
 * assertEquals(lag.lagMs(), 0);
 * clock.elapse(10_000); // Nobody asks: it stops looking.
 * assertEquals(clock.pendingTimers, 0);
 * ```
 */
export class LoopLag implements Disposable {
  readonly #periodMs: number;
  readonly #idleMs: number;
  readonly #clock: Clock;
  /** Rings of the last samples: when each was taken, and how late it was. */
  readonly #times = new Float64Array(KEPT);
  readonly #lags = new Float64Array(KEPT);
  #count = 0;
  #averageMs = 0;
  #busyShare = 0;
  #timer: Timer | undefined;
  #dueMs = 0;
  #stallUntilMs = 0;
  #askedMs = 0;
  #disposed = false;

  /**
   * Makes a sampler that does not look yet.
   *
   * @throws {RangeError} If a time is out of range.
   */
  constructor(options: LoopLagOptions = {}) {
    const { periodMs = 2, idleMs = 1000, clock = systemClock } = options;
    if (!(periodMs > 0 && periodMs < Infinity)) {
      throw new RangeError(
        `Cannot measure event-loop lag: need a finite periodMs > 0, got ${periodMs}`,
      );
    }
    if (!(idleMs >= 0)) {
      throw new RangeError(`Cannot measure event-loop lag: need idleMs >= 0, got ${idleMs}`);
    }
    this.#periodMs = periodMs;
    this.#idleMs = idleMs;
    this.#clock = clock;
  }

  /** How many samples have been taken. */
  get samples(): number {
    return this.#count;
  }

  /** When the last sample was taken, on the clock; meaningless before the first. */
  get sampledMs(): number {
    return this.#times[(this.#count + KEPT - 1) % KEPT]!;
  }

  /** How late the last sample was, in ms. */
  get sampleMs(): number {
    return this.#count === 0 ? 0 : this.#lags[(this.#count - 1) % KEPT]!;
  }

  /** When the next sample is due, on the clock. */
  get dueMs(): number {
    return this.#dueMs;
  }

  /** Moving average of the samples, in ms. */
  get averageMs(): number {
    return this.#averageMs;
  }

  /**
   * How late the loop is, in ms: the last sample, and how long the next has been due. The second part
   * shows a stall while it lasts, even to code that runs within it.
   *
   * @param nowMs The clock's `now()`, where the caller has read it already.
   */
  lagMs(nowMs: number = this.#clock.now()): number {
    this.#askedMs = nowMs;
    if (this.#timer === undefined) this.#start(nowMs);
    const lastMs = this.#count === 0 ? 0 : this.#lags[(this.#count - 1) % KEPT]!;
    return lastMs + Math.max(0, nowMs - this.#dueMs);
  }

  /**
   * Whether something held the loop a moment ago, such as a collection of garbage, so that what waits
   * now says nothing about the load.
   */
  isStalled(nowMs: number = this.#clock.now()): boolean {
    return nowMs < this.#stallUntilMs;
  }

  /** How long the loop has been at least `thresholdMs` late without a pause, in ms. */
  lateForMs(thresholdMs: number, nowMs: number = this.#clock.now()): number {
    if (this.lagMs(nowMs) < thresholdMs) return 0;
    const oldest = Math.max(0, this.#count - KEPT);
    let sinceMs = Math.min(nowMs, this.#dueMs + thresholdMs);
    for (let i = this.#count - 1; i >= oldest; i--) {
      if (this.#lags[i % KEPT]! < thresholdMs) break;
      sinceMs = this.#times[i % KEPT]!;
    }
    return nowMs - sinceMs;
  }

  /**
   * Share of the last seconds in which the loop was late at all, 0 to 1: how busy it is. What was three
   * seconds ago counts a third of what is now.
   */
  busyShare(nowMs: number = this.#clock.now()): number {
    if (nowMs <= this.#dueMs) return this.#busyShare;
    return 1 - (1 - this.#busyShare) * Math.exp((this.#dueMs - nowMs) / BUSY_MEMORY_MS);
  }

  /** Stops looking, for good. The lag reads 0 from here on. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#stop();
  }

  #start(nowMs: number): void {
    this.#dueMs = Infinity;
    if (this.#disposed) return;
    this.#dueMs = nowMs + this.#periodMs;
    this.#timer = this.#clock.setInterval(() => this.#sample(), this.#periodMs);
  }

  #stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#count = 0;
    this.#averageMs = 0;
    this.#busyShare = 0;
  }

  #sample(): void {
    const nowMs = this.#clock.now();
    const lagMs = Math.max(0, nowMs - this.#dueMs);
    const lastMs = this.#count === 0 ? 0 : this.#lags[(this.#count - 1) % KEPT]!;
    const isStall = lagMs >= STALL_MS && lagMs >= STALL_FACTOR * lastMs;
    // What came meanwhile takes less than that long to go, if the load is below two thirds.
    if (isStall) this.#stallUntilMs = nowMs + 2 * lagMs;
    this.#times[this.#count % KEPT] = nowMs;
    this.#lags[this.#count % KEPT] = lagMs;
    this.#count++;
    const spanMs = lagMs + this.#periodMs;
    // Time before a late sample is time in which others had the loop.
    const busy = lagMs > NOISE_MS ? 1 : 0;
    this.#busyShare += (busy - this.#busyShare) * (1 - Math.exp(-spanMs / BUSY_MEMORY_MS));
    this.#averageMs += (lagMs - this.#averageMs) * WEIGHT;
    this.#dueMs = nowMs + this.#periodMs;
    if (nowMs - this.#askedMs > this.#idleMs) this.#stop();
  }
}
