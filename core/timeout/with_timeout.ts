/**
 * An end to every wait.
 *
 * @module
 */

import type { DeadlineWheel } from "../async/deadline_wheel.ts";
import { currentDeadline } from "./ambient_deadline.ts";
import { Deadline } from "./deadline.ts";

/** Options for {@link withTimeout}. */
export interface WithTimeoutOptions {
  /** Ends the work early, rejecting with its reason. */
  signal?: AbortSignal | undefined;
  /** Measures the time, unless a current deadline does. @default {sharedDeadlines} */
  deadlines?: DeadlineWheel | undefined;
}

/**
 * Runs `fn` for at most `timeoutMs`, and not beyond the current deadline if there is one. Pass
 * `deadline.signal` on: a timeout that does not abort the work only hides it. The signal is made when it
 * is asked for, and nothing is left behind when `fn` is done.
 *
 * Rejects with {@link DeadlineExceededError} when time is up, up to one tick of 10 ms late; with
 * `signal.reason` once aborted; else as `fn` does. Rejects with `RangeError` if `timeoutMs` is not > 0.
 *
 * @param timeoutMs Longest time in ms, > 0. `Infinity` for none of its own.
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { DeadlineWheel } from "@zeno/zeno/core/async";
 * import { FakeClock } from "@zeno/zeno/core/testing";
 * import { DeadlineExceededError } from "@zeno/zeno/core/timeout";
 * const clock = new FakeClock();
 * using deadlines = new DeadlineWheel({ clock });
 * const never = () => new Promise<never>(() => {});
 * const outcome = assertRejects(() => withTimeout(never, 50, { deadlines }), DeadlineExceededError);
 * await clock.advance(60);
 * await outcome;
 * ```
 */
export function withTimeout<T>(
  fn: (deadline: Deadline) => T | PromiseLike<T>,
  timeoutMs: number,
  options: WithTimeoutOptions = {},
): Promise<T> {
  if (!(timeoutMs > 0)) {
    return Promise.reject(
      new RangeError(`Cannot limit time: need timeoutMs > 0, got ${timeoutMs}`),
    );
  }
  const { signal, deadlines } = options;
  return Deadline.run(fn, timeoutMs, { parent: currentDeadline(), signal, deadlines });
}
