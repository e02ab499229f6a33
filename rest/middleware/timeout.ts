/**
 * An end to every request.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";
import { parseTimeoutMs, TIMEOUT_HEADER } from "../../core/timeout/propagation.ts";
import type { Context } from "../context.ts";
import { BodyTimeoutError, CallerTimeoutError, HandlerTimeoutError } from "../errors.ts";
import type { Middleware } from "../handler.ts";
import { logUnexpected } from "./recover.ts";

/**
 * Gives up on a handler that has not returned its response after `timeoutMs` and aborts `context.signal`,
 * so that the work ends and not just the waiting. Answered with 504, or 408 if the client's body was what it
 * waited for.
 *
 * A caller that sends `zeno-timeout-ms` waits no longer than that, so neither does the handler. The time is the
 * current deadline of all that the handler calls: the clients of this project do not wait longer, and pass on what is left.
 *
 * The limit is on the response, not on its body: a stream of events may go on. A handler that answers
 * without waiting has no timer.
 *
 * @param timeoutMs Milliseconds, > 0. `Infinity` leaves it to the caller.
 */
export function timeout(timeoutMs: number): Middleware {
  if (!(timeoutMs > 0)) {
    throw new RangeError(`Cannot limit time: need timeoutMs > 0, got ${timeoutMs}`);
  }
  return (next) => (request, context) => {
    const callerMs = callerTimeoutMs(request);
    if (callerMs === 0) throw new CallerTimeoutError(0);
    const limitMs = Math.min(callerMs, timeoutMs);
    if (limitMs === Infinity) return next(request, context);
    context.limitMs = limitMs;
    const result = next(request, context);
    if (result instanceof Promise) {
      return raceDeadline(result, context, limitMs, callerMs < timeoutMs);
    }
    context.liftLimit();
    return result;
  };
}

/** What the caller gives, in ms. What it has written badly counts as nothing. */
function callerTimeoutMs(request: Request): number {
  const text = request.headers.get(TIMEOUT_HEADER);
  if (text === null) return Infinity;
  try {
    return parseTimeoutMs(text) ?? Infinity;
  } catch {
    return Infinity;
  }
}

function raceDeadline(
  result: Promise<Response>,
  context: Context,
  limitMs: number,
  isCallers: boolean,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    let expired = false;
    const timer = context.environment.deadlines.schedule(limitMs, () => {
      expired = true;
      const error = errorOf(context, limitMs, isCallers);
      context.abort(new DOMException(error.message, "TimeoutError"));
      reject(error);
    });
    result.then((response) => {
      timer.cancel();
      // Too late: nobody will read it, so let go of what it streams from.
      if (expired) {
        response?.body?.cancel().catch(() => {});
        return;
      }
      context.liftLimit();
      resolve(response);
    }, (thrown) => {
      timer.cancel();
      if (expired) logLate(thrown, context);
      else reject(thrown);
    });
  });
}

function errorOf(context: Context, limitMs: number, isCallers: boolean): ServiceError {
  if (isCallers) return new CallerTimeoutError(limitMs);
  return context.readingBody ? new BodyTimeoutError(limitMs) : new HandlerTimeoutError(limitMs);
}

/** Work that was given up may fail as it likes, if it is for that reason; any other should be known. */
function logLate(thrown: unknown, context: Context): void {
  if (ServiceError.from(thrown).code === "unknown") logUnexpected(thrown, context);
}
