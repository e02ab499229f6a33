/**
 * An end to every call.
 *
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";
import type { MethodInfo } from "../../method.ts";
import { canceledReason, type RpcContext } from "../../server/context.ts";
import type { ServerInterceptor } from "../../server/handler.ts";
import { CallerDeadlineError, callError, MethodTimeoutError } from "./failure.ts";
import { logCause } from "./recover.ts";

/**
 * Gives up on a handler of one message when the method's time or the caller's is up, or when the caller goes, and aborts
 * `context.signal`, so that the work ends and not just the waiting. What the handler says later is dropped.
 *
 * The time that is left is the current deadline of all that the handler calls. A handler that answers without waiting has no
 * timer. One whose caller has given up before it began does not begin.
 *
 * @param limitOf The time of a method in ms; 0 and less is no limit but the caller's.
 */
export function timeout(limitOf: (method: MethodInfo) => number): ServerInterceptor {
  return {
    unary: (next, method) => {
      const own = limitOf(method);
      const ownMs = own > 0 ? own : Infinity;
      return (request, context) => {
        const callerMs = context.call.remainingMs;
        if (callerMs <= 0 || context.aborted) throw callerGone(context);
        context.limitMs = ownMs;
        const result = next(request, context);
        if (!(result instanceof Promise)) return result;
        return race(result, context, Math.min(ownMs, callerMs), callerMs < ownMs);
      };
    },
  };
}

function race(
  result: Promise<unknown>,
  context: RpcContext,
  limitMs: number,
  isCallers: boolean,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let over = false;
    const giveUp = (error: ServiceError, reason: DOMException) => {
      over = true;
      timer?.cancel();
      context.abort(reason);
      reject(error);
    };
    const timer = limitMs === Infinity
      ? undefined
      : context.environment.deadlines.scheduleAt(context.startedMs + limitMs, () => {
        const error = isCallers
          ? new CallerDeadlineError(limitMs)
          : new MethodTimeoutError(limitMs);
        giveUp(error, new DOMException(error.message, "TimeoutError"));
      });
    context.call.onCancel(() => {
      if (!over) giveUp(callerGone(context), canceledReason());
    });
    result.then((answer) => {
      timer?.cancel();
      if (!over) resolve(answer);
    }, (thrown) => {
      timer?.cancel();
      if (!over) reject(thrown);
      else logCause(callError(thrown), context);
    });
  });
}

/** Why nobody waits for the answer. The transport may notice the caller's deadline before our timer does. */
export function callerGone(context: RpcContext): ServiceError {
  return context.call.remainingMs <= 0
    ? new CallerDeadlineError(context.environment.clock.now() - context.startedMs)
    : new ServiceError("canceled", "Cannot finish call: the caller has gone");
}
