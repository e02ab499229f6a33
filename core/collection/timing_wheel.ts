/**
 * Many one-shot timers, found by key, on one ticking timer.
 *
 * @module
 */

import { type Clock, systemClock } from "../clock.ts";
import { ServiceError } from "../errors.ts";
import { consoleLogger } from "../log/create_logger.ts";
import type { Logger } from "../log/logger.ts";
import { reasonOf } from "../log/value_renderer.ts";
import { Wheel, WheelNode } from "./_wheel.ts";

/** How many callbacks of {@link TimingWheel.drain} run at once. */
const DRAIN_CONCURRENCY = 8;

/** Options for {@link TimingWheel}. */
export interface TimingWheelOptions<K, V> {
  /** Time between ticks, in ms, > 0. */
  tickMs: number;
  /** Number of slots, an integer >= 1. More slots mean fewer long timers met each tick. @default {300} */
  slots?: number;
  /** Called with each timer that fires. What it throws, or rejects with, is logged. */
  execute: (key: K, value: V) => void | PromiseLike<void>;
  /** Told of callbacks that failed. @default {consoleLogger} */
  logger?: Logger;
  /** Time source. @default {systemClock} */
  clock?: Clock;
}

class Entry<K, V> extends WheelNode {
  constructor(readonly key: K, public value: V) {
    super();
  }
}

/**
 * Keyed one-shot timers that cost a map entry and a few pointers each.
 *
 * Time is counted in ticks: a delay is rounded up to whole ticks, at least one, and the timer fires on the
 * tick so many from now. The first of them may be near, so a timer can fire up to one tick early; where
 * that matters add one tick to the delay. Timers of one tick fire in the order they were set, without
 * waiting for each other's promises.
 *
 * @example Set, move and remove
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FakeClock } from "../testing/fake_clock.ts";
 * const clock = new FakeClock();
 * const fired: string[] = [];
 * using wheel = new TimingWheel<string, number>({
 *   tickMs: 100,
 *   execute: (key, value) => void fired.push(`${key} ${value} at ${clock.now()}`),
 *   clock,
 * });
 * wheel.set("a", 1, 300);
 * wheel.set("b", 2, 300);
 * wheel.set("c", 3, 300);
 * wheel.move("b", 500);
 * wheel.remove("c");
 * await clock.advance(1_000);
 * assertEquals(fired, ["a 1 at 300", "b 2 at 500"]);
 * ```
 */
export class TimingWheel<K, V> implements Disposable {
  readonly #tickMs: number;
  readonly #execute: (key: K, value: V) => void | PromiseLike<void>;
  readonly #logger: Logger;
  readonly #entries = new Map<K, Entry<K, V>>();
  readonly #wheel: Wheel<Entry<K, V>>;
  #isDisposed = false;

  /** Makes an empty wheel; it holds no timer until one is set. */
  constructor(options: TimingWheelOptions<K, V>) {
    const { tickMs, slots = 300, execute, logger = consoleLogger, clock = systemClock } = options;
    if (!(tickMs > 0 && tickMs < Infinity)) {
      throw new RangeError(`Cannot make timing wheel: need a finite tickMs > 0, got ${tickMs}`);
    }
    if (!(Number.isInteger(slots) && slots >= 1)) {
      throw new RangeError(`Cannot make timing wheel: need an integer slots >= 1, got ${slots}`);
    }
    if (typeof execute !== "function") {
      throw new TypeError(`Cannot make timing wheel: need a function execute, got ${execute}`);
    }
    this.#tickMs = tickMs;
    this.#execute = execute;
    this.#logger = logger;
    this.#wheel = new Wheel({ tickMs, slots, clock, onDue: (entry) => this.#fire(entry) });
  }

  /** Number of timers that have not fired. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Sets the timer of `key` to fire after `delayMs`. If it is set already it gets the new value and delay.
   *
   * @throws {TypeError} If `key` is null or undefined.
   * @throws {RangeError} If `delayMs` is not a finite number > 0.
   * @throws {ServiceError} `failed_precondition` once the wheel is disposed.
   */
  set(key: K, value: V, delayMs: number): void {
    this.#check("set timer", key, delayMs);
    let entry = this.#entries.get(key);
    if (entry) {
      entry.value = value;
    } else {
      entry = new Entry(key, value);
      this.#entries.set(key, entry);
    }
    this.#wheel.schedule(entry, this.#stepsIn(delayMs));
  }

  /**
   * Lets the timer of `key` fire `delayMs` from now instead, with the value it has. A delay below one tick
   * fires it at once, in a microtask, and it can no longer be removed.
   *
   * @returns Whether there was such a timer.
   * @throws As {@link set} does.
   */
  move(key: K, delayMs: number): boolean {
    this.#check("move timer", key, delayMs);
    const entry = this.#entries.get(key);
    if (!entry) return false;
    if (delayMs < this.#tickMs) {
      this.#wheel.cancel(entry);
      this.#entries.delete(key);
      queueMicrotask(() => this.#run(this.#execute, entry));
    } else {
      this.#wheel.schedule(entry, this.#stepsIn(delayMs));
    }
    return true;
  }

  /**
   * Forgets the timer of `key`.
   *
   * @returns Whether there was such a timer.
   * @throws As {@link set} does.
   */
  remove(key: K): boolean {
    this.#check("remove timer", key);
    const entry = this.#entries.get(key);
    if (!entry) return false;
    this.#entries.delete(key);
    this.#wheel.cancel(entry);
    return true;
  }

  /**
   * Takes every timer off the wheel, at once, and hands each to `fn`, eight at a time. What `fn` throws is
   * logged.
   *
   * @returns Resolves when `fn` has finished with all.
   * @throws {ServiceError} `failed_precondition` once the wheel is disposed.
   */
  async drain(fn: (key: K, value: V) => void | PromiseLike<void>): Promise<void> {
    this.#checkOpen("drain timing wheel");
    const waiting = this.#entries.values().toArray().values(); // A copy that the workers share.
    this.#forgetAll();
    const work = async () => {
      for (const entry of waiting) await this.#run(fn, entry);
    };
    await Promise.all(Array.from({ length: DRAIN_CONCURRENCY }, work));
  }

  /** Forgets every timer and refuses new ones. Callbacks that run are left alone. */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#forgetAll();
  }

  #forgetAll(): void {
    this.#entries.clear();
    this.#wheel.clear();
  }

  #stepsIn(delayMs: number): number {
    return Math.max(1, Math.ceil(delayMs / this.#tickMs));
  }

  #fire(entry: Entry<K, V>): void {
    this.#entries.delete(entry.key);
    this.#run(this.#execute, entry);
  }

  /** Calls `fn` at once; the promise, if there is one, never rejects. */
  #run(
    fn: (key: K, value: V) => void | PromiseLike<void>,
    entry: Entry<K, V>,
  ): PromiseLike<void> | undefined {
    try {
      const result = fn(entry.key, entry.value);
      if (typeof result?.then !== "function") return undefined;
      return result.then(undefined, (error) => this.#report(entry.key, error));
    } catch (error) {
      this.#report(entry.key, error);
    }
  }

  #report(key: K, error: unknown): void {
    this.#logger.error(`Cannot run timer of ${String(key)}: ${reasonOf(error)}`, { error });
  }

  #check(what: string, key: K, delayMs = 1): void {
    if (key === null || key === undefined) {
      throw new TypeError(`Cannot ${what}: need a key, got ${key}`);
    }
    if (!(delayMs > 0 && delayMs < Infinity)) {
      throw new RangeError(`Cannot ${what}: need a finite delayMs > 0, got ${delayMs}`);
    }
    this.#checkOpen(what);
  }

  #checkOpen(what: string): void {
    if (!this.#isDisposed) return;
    throw new ServiceError("failed_precondition", `Cannot ${what}: the wheel is disposed`);
  }
}
