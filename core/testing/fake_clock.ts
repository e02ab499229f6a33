/**
 * Virtual time for tests.
 *
 * @module
 */

import { type Clock, sleepOn, type SleepOptions, type Timer } from "../clock.ts";

/** Options for {@link FakeClock}. */
export interface FakeClockOptions {
  /** Milliseconds since the Unix epoch at which the clock starts. @default {0} */
  wallTime?: number;
  /** Whether `sleep` advances the clock by itself and returns at once. @default {false} */
  autoAdvance?: boolean;
}

class FakeTimer implements Timer {
  readonly #cancel: (timer: FakeTimer) => void;

  constructor(
    readonly callback: () => void,
    readonly periodMs: number | undefined,
    /** Virtual time of the next call, in ms. */
    public due: number,
    /** Breaks ties: timers of one instant fire in the order they were set. */
    public sequence: number,
    cancel: (timer: FakeTimer) => void,
  ) {
    this.#cancel = cancel;
  }

  cancel(): void {
    this.#cancel(this);
  }

  [Symbol.dispose](): void {
    this.cancel();
  }
}

/**
 * A clock that stands still until told to move, so a test never sleeps.
 *
 * `advance` fires the timers that fall due, in order, and lets the promises they settle run before
 * the next one fires. `elapse` moves time without yielding, for synchronous code.
 *
 * @example Wait an hour in no time
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const clock = new FakeClock();
 * let woke = false;
 * clock.sleep(3_600_000).then(() => woke = true);
 * await clock.advance(3_599_999);
 * assertEquals(woke, false);
 * await clock.advance(1);
 * assertEquals(woke, true);
 * ```
 */
export class FakeClock implements Clock {
  #now = 0;
  #sequence = 0;
  readonly #timers = new Set<FakeTimer>();
  #wallOffset: number;
  readonly #autoAdvance: boolean;

  /** Makes a clock at virtual time 0. */
  constructor(options: FakeClockOptions = {}) {
    this.#wallOffset = options.wallTime ?? 0;
    this.#autoAdvance = options.autoAdvance ?? false;
  }

  /** Number of timers that have not fired or been cancelled; for leak checks. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Virtual monotonic time in ms, starting at 0. */
  now(): number {
    return this.#now;
  }

  /** Virtual milliseconds since the Unix epoch. */
  wallTime(): number {
    return this.#wallOffset + this.#now;
  }

  /** Moves the wall clock by `deltaMs` without moving monotonic time, as an operator or NTP would. */
  jumpWallTime(deltaMs: number): void {
    this.#wallOffset += deltaMs;
  }

  /** Calls `callback` once, `delayMs` of virtual time from now. */
  setTimer(callback: () => void, delayMs: number): Timer {
    return this.#add(callback, delayMs, undefined);
  }

  /** Calls `callback` every `periodMs` of virtual time. */
  setInterval(callback: () => void, periodMs: number): Timer {
    if (!(periodMs > 0)) {
      throw new RangeError(`Cannot set interval: need periodMs > 0, got ${periodMs}`);
    }
    return this.#add(callback, periodMs, periodMs);
  }

  /** Resolves once `durationMs` of virtual time has passed. */
  sleep(durationMs: number, options: SleepOptions = {}): Promise<void> {
    const slept = sleepOn(this, durationMs, options);
    if (this.#autoAdvance && !options.signal?.aborted) this.elapse(durationMs);
    return slept;
  }

  /** Moves time forward, firing due timers in order and draining promises after each instant. */
  async advance(deltaMs: number): Promise<void> {
    const target = this.#target(deltaMs);
    await drainMicrotasks();
    for (let timer = this.#next(target); timer; timer = this.#next(target)) {
      this.#fire(timer);
      await drainMicrotasks();
    }
    // A callback may have moved time further by itself.
    this.#now = Math.max(this.#now, target);
    await drainMicrotasks();
  }

  /** Moves time forward and fires due timers without yielding to pending promises. */
  elapse(deltaMs: number): void {
    const target = this.#target(deltaMs);
    for (let timer = this.#next(target); timer; timer = this.#next(target)) this.#fire(timer);
    // A callback may have moved time further by itself.
    this.#now = Math.max(this.#now, target);
  }

  #target(deltaMs: number): number {
    if (!(deltaMs >= 0)) {
      throw new RangeError(`Cannot advance clock: need deltaMs >= 0, got ${deltaMs}`);
    }
    return this.#now + deltaMs;
  }

  #add(callback: () => void, delayMs: number, periodMs: number | undefined): Timer {
    const due = this.#now + Math.max(0, delayMs);
    const timer = new FakeTimer(
      callback,
      periodMs,
      due,
      this.#sequence++,
      (it) => this.#timers.delete(it),
    );
    this.#timers.add(timer);
    return timer;
  }

  #next(until: number): FakeTimer | undefined {
    let first: FakeTimer | undefined;
    for (const timer of this.#timers) {
      if (timer.due > until) continue;
      if (
        !first || timer.due < first.due ||
        (timer.due === first.due && timer.sequence < first.sequence)
      ) first = timer;
    }
    return first;
  }

  #fire(timer: FakeTimer): void {
    this.#now = Math.max(this.#now, timer.due);
    if (timer.periodMs === undefined) {
      this.#timers.delete(timer);
    } else {
      timer.due += timer.periodMs;
      timer.sequence = this.#sequence++;
    }
    timer.callback();
  }
}

/** A macrotask runs only after every queued promise reaction has, however long the chain. */
function drainMicrotasks(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      port2.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
