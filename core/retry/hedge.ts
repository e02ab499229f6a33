/**
 * A second call when the first is slow.
 *
 * @module
 */

import { type Clock, systemClock, type Timer } from "../clock.ts";
import { currentPreviousAttempts, runWithPreviousAttempts } from "./chain.ts";
import { RetryError } from "./errors.ts";
import type { LatencyPercentile } from "./latency_percentile.ts";
import type { RetryBudget } from "./retry_budget.ts";

/** Options for {@link hedge}. */
export interface HedgeOptions {
  /**
   * How long to wait for the first call before the second is made, in ms, >= 0; or what measures the
   * time that most calls take. Share that among all calls of one kind.
   */
  delayMs: number | LatencyPercentile;
  /** What second calls may add to the load. Share it; 5% is `new RetryBudget({ ratio: 0.05, minPerSecond: 0 })`. */
  budget: RetryBudget;
  /** Ends both calls, rejecting with its reason. */
  signal?: AbortSignal | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/** What a hedged call is told. */
export interface HedgeAttempt {
  /** 1 for the first call, 2 for the second, which should go to another instance. */
  readonly number: 1 | 2;
  /** Aborted when the other call was faster, or the caller has given up. Made when first asked for. */
  readonly signal: AbortSignal;
}

/**
 * Calls `fn`, and once more if it takes longer than `delayMs` and the budget allows it. The first success
 * wins and the other call is aborted. Only for calls that may be carried out twice: unlike {@link retry}
 * it has no way to know that one was not.
 *
 * A failure before the second call rejects at once: hedging is against slowness. If both fail it rejects
 * with {@link RetryError}; with `signal.reason` once aborted; with `RangeError` if `delayMs` is out of
 * range. Who works for a retry makes no second call.
 *
 * Costs a timer of its own, about 2 microseconds a call: the ticks of a shared wheel would be too coarse.
 *
 * @see Dean and Barroso, The Tail at Scale, 2013: https://cacm.acm.org/research/the-tail-at-scale/
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { RetryBudget } from "@zeno/zeno/core/retry";
 * import { FakeClock } from "@zeno/zeno/core/testing";
 * const clock = new FakeClock();
 * const budget = new RetryBudget({ ratio: 0.05, minPerSecond: 1, clock });
 * const answer = hedge(
 *   ({ number, signal }) => clock.sleep(number === 1 ? 300 : 10, { signal }).then(() => number),
 *   { delayMs: 20, budget, clock },
 * );
 * await clock.advance(30);
 * assertEquals([await answer, clock.pendingTimers], [2, 0]);
 * ```
 */
export async function hedge<T>(
  fn: (attempt: HedgeAttempt) => T | PromiseLike<T>,
  options: HedgeOptions,
): Promise<T> {
  const { delayMs, signal } = options;
  const waitMs = typeof delayMs === "number" ? delayMs : delayMs.valueMs;
  if (!(waitMs >= 0 && waitMs < Infinity)) {
    throw new RangeError(`Cannot hedge call: need a finite delayMs >= 0, got ${waitMs}`);
  }
  signal?.throwIfAborted();
  options.budget.recordCall();
  using race = new Race(fn, options);
  return await race.run(waitMs);
}

class Attempt implements HedgeAttempt {
  #controller: AbortController | undefined;
  #aborted: { reason: unknown } | undefined;

  constructor(readonly number: 1 | 2) {}

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort(this.#aborted.reason);
    }
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#aborted ??= { reason };
    this.#controller?.abort(reason);
  }
}

/** The two calls of one {@link hedge}. */
class Race<T> implements Disposable {
  readonly #fn: (attempt: HedgeAttempt) => T | PromiseLike<T>;
  readonly #options: HedgeOptions;
  readonly #clock: Clock;
  readonly #outcome = Promise.withResolvers<T>();
  readonly #startedAtMs: number;
  readonly #running = new Set<Attempt>();
  readonly #errors: unknown[] = [];
  readonly #onAbort: () => void;
  #timer: Timer | undefined;

  constructor(fn: (attempt: HedgeAttempt) => T | PromiseLike<T>, options: HedgeOptions) {
    this.#fn = fn;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#startedAtMs = this.#clock.now();
    this.#onAbort = () => this.#giveUp(options.signal!.reason);
  }

  run(waitMs: number): Promise<T> {
    this.#options.signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (currentPreviousAttempts() === 0) {
      this.#timer = this.#clock.setTimer(() => this.#hedge(), waitMs);
    }
    this.#start(new Attempt(1), this.#fn);
    return this.#outcome.promise;
  }

  [Symbol.dispose](): void {
    this.#timer?.cancel();
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
  }

  #hedge(): void {
    if (!this.#options.budget.tryRetry()) return;
    this.#start(new Attempt(2), (attempt) => runWithPreviousAttempts(1, () => this.#fn(attempt)));
  }

  #start(attempt: Attempt, fn: (attempt: HedgeAttempt) => T | PromiseLike<T>): void {
    this.#running.add(attempt);
    const fail = (error: unknown) => this.#fail(attempt, error);
    try {
      Promise.resolve(fn(attempt)).then((value) => this.#succeed(attempt, value), fail);
    } catch (error) {
      fail(error);
    }
  }

  #succeed(attempt: Attempt, value: T): void {
    if (!this.#running.delete(attempt)) return; // The race is over.
    const { delayMs } = this.#options;
    // If the second call won, the first took at least as long as this.
    if (typeof delayMs !== "number") delayMs.observe(this.#clock.now() - this.#startedAtMs);
    this.#outcome.resolve(value);
    // Nearly always there is no other call, and an exception costs more than all the rest.
    if (this.#running.size === 0) return;
    this.#abortAll(new DOMException("Another call was faster", "AbortError"));
  }

  #fail(attempt: Attempt, error: unknown): void {
    if (!this.#running.delete(attempt)) return;
    this.#errors.push(error);
    if (this.#running.size > 0) return;
    // The pending second call is off: its timer goes with the race.
    const errors = this.#errors;
    this.#outcome.reject(errors.length > 1 ? new RetryError(errors, "attempts") : error);
  }

  #giveUp(reason: unknown): void {
    this.#outcome.reject(reason);
    this.#abortAll(reason);
  }

  #abortAll(reason: unknown): void {
    const losers = [...this.#running];
    this.#running.clear();
    for (const loser of losers) loser.abort(reason);
  }
}
