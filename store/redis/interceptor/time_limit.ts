/**
 * An end to every wait, and another try where it does no harm.
 *
 * @module
 */

import type { DeadlineWheel } from "../../../core/async/deadline_wheel.ts";
import type { Clock, Random } from "../../../core/clock.ts";
import { RetryError } from "../../../core/retry/errors.ts";
import { retry } from "../../../core/retry/retry.ts";
import type { RetryBudget } from "../../../core/retry/retry_budget.ts";
import { currentDeadline } from "../../../core/timeout/ambient_deadline.ts";
import { Deadline } from "../../../core/timeout/deadline.ts";
import { DeadlineExceededError } from "../../../core/timeout/errors.ts";
import type { RedisCall, RedisInterceptor, SendCall } from "../command.ts";
import { RedisConnectionError, RedisReplyError } from "../errors.ts";
import { isReadOnly } from "../read_only.ts";

/** Options for {@link timeLimit}. */
export interface TimeLimitOptions {
  /** Longest time for a call with all its attempts, in ms. */
  timeoutMs: number;
  /** Measures deadlines. */
  deadlines: DeadlineWheel;
  /** What may be sent again. */
  budget: RetryBudget;
  /** Nothing is sent again once this is aborted: the client is disposed. */
  closing: AbortSignal;
  /** Time source. */
  clock: Clock;
  /** Chance. */
  random: Random;
}

/** Calls made in all, and the waits between, as go-zero's client has them. */
const ATTEMPTS = 4;
const WAITS = { baseMs: 8, maxMs: 512 };

/**
 * Ends calls at the current deadline, after `timeoutMs`, or when their signal is aborted. A call that fails is sent again if it
 * was surely not carried out, or if it only reads: twice the same `INCR` would be a wrong result.
 */
export function timeLimit(options: TimeLimitOptions): RedisInterceptor {
  const { timeoutMs, deadlines, budget } = options;
  return (next) => {
    const again = againAfter(next, options);
    // A call that is made again is counted there.
    const counted = <T>(answer: T): T => {
      budget.recordCall();
      return answer;
    };
    return (call) => {
      const limitMs = call.timeoutMs ?? timeoutMs;
      const parent = currentDeadline();
      if (!parent && !call.signal && limitMs !== Infinity) {
        return withTimer(call, next, { limitMs, deadlines, counted, again });
      }
      return Deadline.run(
        (deadline) => next(call).then(counted, (error) => again(call, error, deadline)),
        limitMs,
        { parent, signal: call.signal, deadlines },
      );
    };
  };
}

type Again = (call: RedisCall, failed: unknown, deadline: Deadline) => Promise<unknown>;

/** As `Deadline.run`, for calls that nothing else can end: a timer is all that these need, and half of the cost. */
function withTimer(
  call: RedisCall,
  next: SendCall,
  { limitMs, deadlines, counted, again }: {
    limitMs: number;
    deadlines: DeadlineWheel;
    counted: (answer: unknown) => unknown;
    again: Again;
  },
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const endMs = deadlines.now() + limitMs;
    let isOver = false;
    const timer = deadlines.scheduleAt(endMs, () => {
      isOver = true;
      const why = `no answer within ${limitMs} ms`;
      reject(new DeadlineExceededError(`Cannot run ${call.name}: ${why}`));
    });
    next(call).then((answer) => {
      timer.cancel();
      resolve(counted(answer));
    }, (error) => {
      timer.cancel();
      if (isOver) return; // Nobody waits any more.
      const leftMs = Math.max(0, endMs - deadlines.now());
      resolve(Deadline.run((deadline) => again(call, error, deadline), leftMs, { deadlines }));
    });
  });
}

function againAfter(next: SendCall, { budget, closing, clock, random }: TimeLimitOptions): Again {
  return async (call, failed, deadline) => {
    const retryable = (error: unknown) => !closing.aborted && mayRepeat(call, error);
    if (!retryable(failed)) throw failed;
    let made = 0;
    const attempt = () => made++ === 0 ? Promise.reject(failed) : next(call);
    try {
      return await retry(attempt, {
        idempotent: true,
        attempts: ATTEMPTS,
        ...WAITS,
        retryable,
        budget,
        deadline,
        clock,
        random,
      });
    } catch (error) {
      throw error instanceof RetryError ? error.errors.at(-1) : error;
    }
  };
}

/** Whether it does no harm to send a call again that failed so. */
function mayRepeat({ commands }: RedisCall, error: unknown): boolean {
  if (error instanceof RedisReplyError) return error.isPassing;
  if (!(error instanceof RedisConnectionError)) return false;
  return !error.mayHaveRun || commands.every(({ name }) => isReadOnly(name));
}
