/**
 * A method that fails is given rest.
 *
 * @module
 */

import type { Breaker, BreakerToken } from "../../../core/breaker/breaker.ts";
import { CircuitOpenError } from "../../../core/breaker/errors.ts";
import { isNeutral } from "../../../core/breaker/outcome.ts";
import type { MethodInfo } from "../../method.ts";
import { isAcceptable } from "../../acceptable.ts";
import type { RpcContext } from "../../server/context.ts";
import type { ServerInterceptor } from "../../server/handler.ts";
import { watchStream } from "../../watched_stream.ts";
import { CallerDeadlineError, callError, refuse } from "./failure.ts";
import { callerGone } from "./timeout.ts";

/**
 * Refuses calls with `unavailable` in the proportion in which their method has failed of late. Sheds, limits, cancels and
 * the deadlines of callers say nothing; what else counts as a failure is told by `isAcceptable`.
 *
 * @param breakerOf The breaker of a method.
 */
export function breaker(breakerOf: (method: MethodInfo) => Breaker): ServerInterceptor {
  return {
    unary: (next, method) => {
      const breaker = breakerOf(method);
      return (request, context) => {
        // It says nothing of the service, and nobody waits for the answer.
        if (context.aborted) throw callerGone(context);
        const token = admit(breaker, context);
        let result: unknown;
        try {
          result = next(request, context);
        } catch (thrown) {
          settle(token, thrown);
          throw thrown;
        }
        if (result instanceof Promise) {
          result.then(() => token.accept(), (thrown) => settle(token, thrown));
        } else token.accept();
        return result;
      };
    },
    stream: (next, method) => {
      const breaker = breakerOf(method);
      return (requests, context) => {
        let token: BreakerToken | undefined;
        return watchStream(() => {
          token = admit(breaker, context);
          return next(requests, context);
        }, (end) => {
          if (end.kind === "failed") settle(token, end.error);
          else if (end.kind === "left") token?.[Symbol.dispose]();
          else token?.accept();
        });
      };
    },
  };
}

function admit(breaker: Breaker, context: RpcContext): BreakerToken {
  try {
    return breaker.allow();
  } catch (error) {
    if (!(error instanceof CircuitOpenError)) throw error;
    throw refuse(error, "breaker", error.report ?? breaker.explain(), context);
  }
}

function settle(token: BreakerToken | undefined, thrown: unknown): void {
  if (!token) return;
  const error = callError(thrown);
  if (error instanceof CallerDeadlineError || isNeutral(error)) token[Symbol.dispose]();
  else if (isAcceptable(error)) token.accept();
  else token.reject(thrown);
}
