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
/** Removed timers kept for reuse, above as many as there are set ones. */
const MAX_SPARES = 1024;

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

/** A timer. It is linked while it is set. */
class Entry<K, V> extends WheelNode {
  /** Whether it is among the spares, and so stays in the map when it is no longer set. */
  isSpare = false;

  constructor(public key: K, public value: V | undefined) {
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
 * A removed timer waits to be used again, and keeps its key but not its value until then. There are a
 * thousand of them at most, or as many as timers that are set.
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
  /**
   * Timers that were removed, some of which are set again. They stay in the map, since to take an entry out
   * and put one in costs it far more than to find one, and since many keys come back.
   */
  #spares: Entry<K, V>[] = [];
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
    return this.#wheel.size;
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
      entry = this.#takeSpare(key, value) ?? new Entry(key, value);
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
    if (!entry?.isLinked) return false;
    if (delayMs < this.#tickMs) {
      this.#wheel.cancel(entry);
      const value = this.#forget(entry);
      queueMicrotask(() => this.#run(this.#execute, key, value));
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
    if (!entry?.isLinked) return false;
    this.#wheel.cancel(entry);
    entry.value = undefined;
    if (!entry.isSpare) this.#keepSpare(entry);
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
    // A copy that the workers share.
    const waiting = this.#entries.values().filter((entry) => entry.isLinked).toArray().values();
    this.#forgetAll();
    const work = async () => {
      for (const { key, value } of waiting) await this.#run(fn, key, value as V);
    };
    await Promise.all(Array.from({ length: DRAIN_CONCURRENCY }, work));
  }

  /** Forgets every timer and refuses new ones. Callbacks that run are left alone. */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#forgetAll();
  }

  #takeSpare(key: K, value: V): Entry<K, V> | undefined {
    for (let spare = this.#spares.pop(); spare; spare = this.#spares.pop()) {
      spare.isSpare = false;
      if (spare.isLinked) continue; // Set again.
      this.#entries.delete(spare.key);
      spare.key = key;
      spare.value = value;
      return spare;
    }
  }

  #keepSpare(entry: Entry<K, V>): void {
    entry.isSpare = true;
    this.#spares.push(entry);
    if (this.#spares.length <= this.#wheel.size + MAX_SPARES) return;
    for (const spare of this.#spares) {
      spare.isSpare = false;
      if (!spare.isLinked) this.#entries.delete(spare.key);
    }
    this.#spares = [];
  }

  /** Forgets a timer that is no longer set. Gives its value. */
  #forget(entry: Entry<K, V>): V {
    const value = entry.value as V;
    entry.value = undefined;
    if (!entry.isSpare) this.#entries.delete(entry.key);
    return value;
  }

  #forgetAll(): void {
    this.#entries.clear();
    this.#spares = [];
    this.#wheel.clear();
  }

  #stepsIn(delayMs: number): number {
    return Math.max(1, Math.ceil(delayMs / this.#tickMs));
  }

  #fire(entry: Entry<K, V>): void {
    this.#run(this.#execute, entry.key, this.#forget(entry));
  }

  /** Calls `fn` at once; the promise, if there is one, never rejects. */
  #run(
    fn: (key: K, value: V) => void | PromiseLike<void>,
    key: K,
    value: V,
  ): PromiseLike<void> | undefined {
    try {
      const result = fn(key, value);
      if (typeof result?.then !== "function") return undefined;
      return result.then(undefined, (error) => this.#report(key, error));
    } catch (error) {
      this.#report(key, error);
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
