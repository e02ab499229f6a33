/**
 * An end to every request.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { BodyTimeoutError, HandlerTimeoutError } from "../errors.ts";
import type { Middleware } from "../handler.ts";
import { logUnexpected } from "./recover.ts";

/**
 * Gives up on a handler that has not returned its response after `timeoutMs` and aborts `context.signal`,
 * so that the work ends and not just the waiting. Answered with 504, or 408 if the client's body was what it
 * waited for.
 *
 * The limit is on the response, not on its body: a stream of events may go on. A handler that answers
 * without waiting costs nothing here.
 */
export function timeout(timeoutMs: number): Middleware {
  if (!(timeoutMs > 0)) {
    throw new RangeError(`Cannot limit time: need timeoutMs > 0, got ${timeoutMs}`);
  }
  return (next) => (request, context) => {
    const result = next(request, context);
    return result instanceof Promise ? raceDeadline(result, context, timeoutMs) : result;
  };
}

function raceDeadline(
  result: Promise<Response>,
  context: Context,
  timeoutMs: number,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    let expired = false;
    const timer = context.environment.deadlines.schedule(timeoutMs, () => {
      expired = true;
      const error = context.readingBody
        ? new BodyTimeoutError(timeoutMs)
        : new HandlerTimeoutError(timeoutMs);
      context.abort(new DOMException(error.message, "TimeoutError"));
      reject(error);
    });
    result.then((response) => {
      timer.cancel();
      // Too late: nobody will read it, so let go of what it streams from.
      if (expired) response?.body?.cancel().catch(() => {});
      else resolve(response);
    }, (thrown) => {
      timer.cancel();
      if (expired) logLate(thrown, context);
      else reject(thrown);
    });
  });
}

/** Work that was given up may fail as it likes, if it is for that reason; any other should be known. */
function logLate(thrown: unknown, context: Context): void {
  if (ServiceError.from(thrown).code === "unknown") logUnexpected(thrown, context);
}
