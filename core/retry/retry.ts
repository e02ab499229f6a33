/**
 * Calling again what failed.
 *
 * @module
 */

import type { DeadlineWheel } from "../async/deadline_wheel.ts";
import { type Clock, systemClock } from "../clock.ts";
import { ServiceError } from "../errors.ts";
import { currentDeadline } from "../timeout/ambient_deadline.ts";
import { Deadline } from "../timeout/deadline.ts";
import { backoffMs, type BackoffOptions } from "./backoff.ts";
import {
  currentPreviousAttempts,
  isRetryFinal,
  markRetryFinal,
  runWithPreviousAttempts,
} from "./chain.ts";
import { type GiveUpReason, RetryError } from "./errors.ts";
import type { RetryBudget } from "./retry_budget.ts";
import { isTransient } from "./transient.ts";

/** Options for {@link retry}. */
export interface RetryOptions extends BackoffOptions {
  /**
   * Whether it does no harm to carry the call out twice. If not, nothing is retried but what `retryable`
   * allows: a call that failed may have been carried out all the same.
   */
  idempotent: boolean;
  /** Calls made in all, the first included. An integer >= 1. @default {3} */
  attempts?: number | undefined;
  /** Which failures are retried. @default {isTransient, if idempotent; else none} */
  retryable?: ((error: unknown) => boolean) | undefined;
  /** What all calls to the same callee may retry. Share it; without one only `attempts` bounds. */
  budget?: RetryBudget | undefined;
  /** Longest time for all attempts and waits, in ms, > 0. @default {Infinity} */
  timeoutMs?: number | undefined;
  /** Longest time for each attempt, in ms, > 0. @default {Infinity} */
  attemptTimeoutMs?: number | undefined;
  /** What the whole may not go beyond. @default {the current deadline} */
  deadline?: Deadline | undefined;
  /** Ends attempt and wait, rejecting with its reason. */
  signal?: AbortSignal | undefined;
  /**
   * Whether to leave it to others of the chain: no retry while working for a retry, and none of what
   * another {@link retry} below has given up. @default {true}
   */
  chainStop?: boolean | undefined;
  /** Measures waits. @default {systemClock} */
  clock?: Clock | undefined;
  /** Measures timeouts, unless a deadline does. @default {sharedDeadlines} */
  deadlines?: DeadlineWheel | undefined;
}

/** What an attempt is told. */
export interface RetryAttempt {
  /** Which attempt it is, from 1. */
  readonly number: number;
  /** When it must be done. */
  readonly deadline: Deadline;
  /** Aborted when it must be; made when first asked for. */
  readonly signal: AbortSignal;
}

/**
 * Calls `fn` until it succeeds, with growing and random waits in between: see {@link backoffMs}. A failure
 * with `retryAfterMs` is waited for at least so long, and given up if that is more than `maxMs`. There
 * is no wait, and no attempt, that could not end before the deadline.
 *
 * Rejects with the failure itself if it was the only one or is not to be retried, with {@link RetryError}
 * if several attempts failed, with `signal.reason` once aborted, with `RangeError` if an option is out of
 * range.
 *
 * @example Succeed at the third attempt
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FakeClock } from "@zeno/zeno/core/testing";
 * const clock = new FakeClock({ autoAdvance: true });
 * const random = () => 0.5;
 * const answer = await retry(({ number }) => {
 *   if (number < 3) throw new TypeError("connection reset");
 *   return "up";
 * }, { idempotent: true, random, clock });
 * assertEquals([answer, clock.now()], ["up", 50 + 100]);
 * ```
 */
export async function retry<T>(
  fn: (attempt: RetryAttempt) => T | PromiseLike<T>,
  options: RetryOptions,
): Promise<T> {
  checkOptions(options);
  const whole = deadlineOf(options);
  options.budget?.recordCall();
  try {
    return await runAttempt(fn, 1, whole, options);
  } catch (error) {
    return await retryAfter(error, fn, whole, options);
  } finally {
    whole?.[Symbol.dispose](); // `using` would cost as much as all the rest.
  }
}

async function retryAfter<T>(
  error: unknown,
  fn: (attempt: RetryAttempt) => T | PromiseLike<T>,
  whole: Deadline | undefined,
  options: RetryOptions,
): Promise<T> {
  const errors = [error];
  for (;;) {
    const next = waitBefore(errors, whole, options);
    if (typeof next === "string") throw giveUp(errors, next);
    if (next > 0) await pause(next, whole, options.clock);
    try {
      return await runAttempt(fn, errors.length + 1, whole, options);
    } catch (error) {
      errors.push(error);
    }
  }
}

/** What bounds the whole. Nothing does so with most calls, and then nothing is made. */
function deadlineOf(options: RetryOptions): Deadline | undefined {
  const { timeoutMs = Infinity, signal, deadlines } = options;
  const parent = options.deadline ?? currentDeadline();
  if (timeoutMs === Infinity && !signal && !parent) return undefined;
  return new Deadline(timeoutMs, { parent, signal, deadlines });
}

function checkOptions(options: RetryOptions): void {
  const { attempts = 3, baseMs = 0, maxMs = 0, timeoutMs = 1, attemptTimeoutMs = 1 } = options;
  if (!(Number.isInteger(attempts) && attempts >= 1)) {
    throw new RangeError(`Cannot retry: need an integer attempts >= 1, got ${attempts}`);
  }
  checkWait("baseMs", baseMs);
  checkWait("maxMs", maxMs);
  checkTimeout("timeoutMs", timeoutMs);
  checkTimeout("attemptTimeoutMs", attemptTimeoutMs);
}

function checkWait(name: string, value: number): void {
  if (value >= 0 && value < Infinity) return;
  throw new RangeError(`Cannot retry: need a finite ${name} >= 0, got ${value}`);
}

function checkTimeout(name: string, value: number): void {
  if (value > 0) return;
  throw new RangeError(`Cannot retry: need ${name} > 0, got ${value}`);
}

class Attempt implements RetryAttempt {
  readonly number: number;
  readonly #deadlines: DeadlineWheel | undefined;
  #deadline: Deadline | undefined;

  constructor(number: number, deadline: Deadline | undefined, deadlines?: DeadlineWheel) {
    this.number = number;
    this.#deadline = deadline;
    this.#deadlines = deadlines;
  }

  get deadline(): Deadline {
    return this.#deadline ??= new Deadline(Infinity, { deadlines: this.#deadlines });
  }

  get signal(): AbortSignal {
    return this.deadline.signal;
  }
}

function runAttempt<T>(
  fn: (attempt: RetryAttempt) => T | PromiseLike<T>,
  number: number,
  whole: Deadline | undefined,
  options: RetryOptions,
): T | PromiseLike<T> {
  if (number > 1) {
    return runWithPreviousAttempts(number - 1, () => callOnce(fn, number, whole, options));
  }
  return callOnce(fn, number, whole, options);
}

function callOnce<T>(
  fn: (attempt: RetryAttempt) => T | PromiseLike<T>,
  number: number,
  whole: Deadline | undefined,
  options: RetryOptions,
): T | PromiseLike<T> {
  const { attemptTimeoutMs = Infinity, deadlines } = options;
  if (attemptTimeoutMs === Infinity && !whole) return fn(new Attempt(number, undefined, deadlines));
  const run = (deadline: Deadline) => fn(new Attempt(number, deadline));
  if (attemptTimeoutMs === Infinity) return whole!.run(run);
  return Deadline.run(run, attemptTimeoutMs, { parent: whole, deadlines });
}

/** How long to wait before the next attempt, in ms, or why there is none. `none`: it is no use. */
function waitBefore(
  errors: readonly unknown[],
  whole: Deadline | undefined,
  options: RetryOptions,
): number | GiveUpReason | "none" {
  const { attempts = 3, chainStop = true, maxMs = 10_000, budget } = options;
  const error = errors.at(-1);
  if (whole?.expired) return "deadline";
  whole?.throwIfEnded();
  const { retryable = options.idempotent ? isTransient : () => false } = options;
  if (!retryable(error)) return "none";
  if (chainStop && (isRetryFinal(error) || currentPreviousAttempts() > 0)) return "none";
  if (errors.length >= attempts) return "attempts";
  const askedMs = error instanceof ServiceError ? error.retryAfterMs ?? 0 : 0;
  const waitMs = Math.max(askedMs, backoffMs(errors.length, options));
  if (askedMs > maxMs || whole && waitMs >= whole.remainingMs) return "deadline";
  // Asked last: nothing of the budget is spent on a retry that is not made.
  return budget && !budget.tryRetry() ? "budget" : waitMs;
}

function giveUp(errors: readonly unknown[], reason: GiveUpReason | "none"): unknown {
  const last = errors.at(-1);
  if (reason === "none") return last;
  if (errors.length > 1) return new RetryError(errors, reason);
  if (reason === "budget") markRetryFinal(last);
  return last;
}

async function pause(
  waitMs: number,
  whole: Deadline | undefined,
  clock: Clock = systemClock,
): Promise<void> {
  // Somebody waits for the outcome, so the process must not end meanwhile.
  await clock.sleep(waitMs, { signal: whole?.signal, keepAlive: true });
}
