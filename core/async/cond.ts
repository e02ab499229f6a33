import { type Clock, systemClock } from "../clock.ts";
import { requireSpan } from "./argument.ts";
import { Waiters } from "./_waiters.ts";
import type { WaitOptions } from "./mutex.ts";

/** Options for {@link Cond}. */
export interface CondOptions {
  /** Measures the timeouts. @default {systemClock} */
  clock?: Clock | undefined;
}

/**
 * A meeting point: some wait, others wake them. A wake-up that finds nobody waiting is lost, so check
 * the condition again after each wait.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const changed = new Cond();
 * const woken = changed.wait();
 * assertEquals([changed.notify(), changed.notify()], [true, false]);
 * await woken;
 * ```
 */
export class Cond {
  readonly #waiters = new Waiters<void>();
  readonly #clock: Clock;

  /** Makes one that nobody waits for. */
  constructor(options: CondOptions = {}) {
    this.#clock = options.clock ?? systemClock;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiters.size;
  }

  /** Wakes the one that has waited longest; false if nobody waits. */
  notify(): boolean {
    return this.#waiters.resolveFirst(undefined);
  }

  /** Wakes all that wait; answers how many. */
  notifyAll(): number {
    return this.#waiters.resolveAll(undefined);
  }

  /** Waits to be woken. Rejects with the reason of `signal` once aborted. */
  async wait(options: WaitOptions = {}): Promise<void> {
    await this.#waiters.wait(options.signal);
  }

  /**
   * Waits to be woken, `timeoutMs` at most.
   *
   * @param timeoutMs Longest wait in ms, >= 0.
   * @returns What is left of `timeoutMs`, in ms; `undefined` if nobody woke it in time.
   * @throws The reason of `signal` once aborted.
   */
  async waitWithTimeout(timeoutMs: number, options: WaitOptions = {}): Promise<number | undefined> {
    requireSpan("wait", { timeoutMs });
    if (timeoutMs === Infinity) return await this.wait(options).then(() => Infinity);
    const deadlineMs = this.#clock.now() + timeoutMs;
    const late = new AbortController();
    const { signal } = options;
    const onAbort = () => late.abort(signal!.reason);
    if (signal?.aborted) throw signal.reason;
    signal?.addEventListener("abort", onAbort, { once: true });
    using _timer = this.#clock.setTimer(() => late.abort(TIMED_OUT), timeoutMs);
    try {
      await this.#waiters.wait(late.signal);
      return Math.max(0, deadlineMs - this.#clock.now());
    } catch (reason) {
      if (reason === TIMED_OUT) return undefined;
      throw reason;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }
}

const TIMED_OUT = Symbol("timed out");
