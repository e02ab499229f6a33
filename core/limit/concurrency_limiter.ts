/**
 * A bound on calls in flight that refuses instead of waiting, fixed or found by measuring.
 *
 * @module
 */

import { type Clock, systemClock } from "../clock.ts";
import { type ErrorCode, ServiceError } from "../errors.ts";
import { checkCount } from "./_check_options.ts";
import { ConcurrencyLimitError } from "./errors.ts";

/** How a call went, as far as the limit is concerned. */
export type CallOutcome =
  /** It was done: how long it took says something about the load. */
  | "success"
  /** It was refused or given up for want of capacity: the limit is too high. */
  | "overload"
  /** It says nothing, such as a call that was cancelled or was wrong. */
  | "ignore";

/** What is known of a call when it ends. */
export interface CallSample {
  /** Monotonic time at which the call began, in ms. */
  readonly startedAtMs: number;
  /** Monotonic time at which it ended, in ms. */
  readonly endedAtMs: number;
  /** Calls in flight when it began, itself included. */
  readonly inFlight: number;
  /** How it went. */
  readonly outcome: CallOutcome;
}

/** A rule that finds the limit from how calls went. */
export interface AdaptiveLimit {
  /** How many calls may be in flight now, an integer >= 1. */
  readonly limit: number;
  /** Told of every call that ended. */
  observe(sample: CallSample): void;
}

/** Options for {@link ConcurrencyLimiter}. */
export interface ConcurrencyLimiterOptions {
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/** A call in flight. Disposing it ends the call with outcome `ignore`. */
export interface CallSlot extends Disposable {
  /** Ends the call. Does nothing the second time. */
  end(outcome: CallOutcome): void;
}

/** The codes that say the callee could not cope. */
const OVERLOAD: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "deadline_exceeded",
  "resource_exhausted",
  "unavailable",
]);

/**
 * Lets so many calls be in flight and refuses the rest at once: under overload a queue only makes all
 * callers late. Give a number, or an {@link AdaptiveLimit} such as `GradientLimit`.
 *
 * @example
 * ```ts
 * import { assertEquals, assertRejects } from "@std/assert";
 * import { ConcurrencyLimitError } from "@zeno/zeno/core/limit";
 * const limiter = new ConcurrencyLimiter(1);
 * const first = limiter.run(() => Promise.resolve("done"));
 * await assertRejects(() => limiter.run(() => Promise.resolve("no")), ConcurrencyLimitError);
 * assertEquals([await first, limiter.inFlight], ["done", 0]);
 * ```
 */
export class ConcurrencyLimiter {
  readonly #limit: AdaptiveLimit | undefined;
  readonly #fixed: number;
  readonly #clock: Clock;
  readonly #end: (startedAtMs: number, inFlight: number, outcome: CallOutcome) => void;
  #inFlight = 0;

  /**
   * Makes a limiter with nothing in flight.
   *
   * @throws {RangeError} If `limit` is a number but no integer >= 1.
   */
  constructor(limit: number | AdaptiveLimit, options: ConcurrencyLimiterOptions = {}) {
    if (typeof limit === "number") checkCount("make concurrency limiter", "limit", limit);
    this.#limit = typeof limit === "number" ? undefined : limit;
    this.#fixed = typeof limit === "number" ? limit : 0;
    this.#clock = options.clock ?? systemClock;
    this.#end = (startedAtMs, inFlight, outcome) => {
      this.#inFlight--;
      if (!this.#limit) return;
      this.#limit.observe({ startedAtMs, endedAtMs: this.#clock.now(), inFlight, outcome });
    };
  }

  /** How many calls may be in flight now. */
  get limit(): number {
    return this.#limit?.limit ?? this.#fixed;
  }

  /** How many calls are in flight; may be above a limit that has just come down. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Begins a call if one more may be in flight. */
  tryAcquire(): CallSlot | undefined {
    if (this.#inFlight >= this.limit) return undefined;
    this.#inFlight++;
    // A fixed limit has no use for the time, and reading it costs more than all the rest.
    return new Slot(this.#end, this.#limit ? this.#clock.now() : 0, this.#inFlight);
  }

  /**
   * Runs `fn` if one more call may be in flight. A failure with code `deadline_exceeded`,
   * `resource_exhausted` or `unavailable` counts as overload, any other says nothing.
   *
   * Rejects with {@link ConcurrencyLimitError} if not, else as `fn` does.
   */
  async run<T>(fn: () => T | Promise<T>): Promise<T> {
    const slot = this.tryAcquire();
    if (!slot) throw new ConcurrencyLimitError(this.limit);
    try {
      const value = await fn();
      slot.end("success");
      return value;
    } catch (error) {
      slot.end(OVERLOAD.has(ServiceError.from(error).code) ? "overload" : "ignore");
      throw error;
    }
  }
}

class Slot implements CallSlot {
  #end: ((startedAtMs: number, inFlight: number, outcome: CallOutcome) => void) | undefined;
  readonly #startedAtMs: number;
  readonly #inFlight: number;

  constructor(
    end: (startedAtMs: number, inFlight: number, outcome: CallOutcome) => void,
    startedAtMs: number,
    inFlight: number,
  ) {
    this.#end = end;
    this.#startedAtMs = startedAtMs;
    this.#inFlight = inFlight;
  }

  end(outcome: CallOutcome): void {
    const end = this.#end;
    this.#end = undefined;
    end?.(this.#startedAtMs, this.#inFlight, outcome);
  }

  [Symbol.dispose](): void {
    this.end("ignore");
  }
}
