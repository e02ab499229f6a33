/**
 * A route that fails is given rest.
 *
 * @module
 */

import type { Breaker, BreakerToken } from "../../core/breaker/breaker.ts";
import { CircuitOpenError } from "../../core/breaker/errors.ts";
import { isCalleeFailure, isNeutral } from "../../core/breaker/outcome.ts";
import type { Context } from "../context.ts";
import { BodyTimeoutError, CallerTimeoutError } from "../errors.ts";
import type { Middleware } from "../handler.ts";
import { refuse } from "../refusal.ts";

/**
 * Refuses requests with 503 in the proportion in which the route has failed of late. A status of 500 or more is a
 * failure, and so is an error that is not the caller's fault. Shed requests, limits, cancels and clients that send too
 * slowly say nothing.
 */
export function breaker(breaker: Breaker): Middleware {
  return (next) => (request, context) => {
    const token = admit(breaker, context);
    let result: Response | Promise<Response>;
    try {
      result = next(request, context);
    } catch (error) {
      settleError(token, error, context);
      throw error;
    }
    if (!(result instanceof Promise)) {
      settle(token, result);
      return result;
    }
    result.then(
      (response) => settle(token, response),
      (error) => settleError(token, error, context),
    );
    return result;
  };
}

function admit(breaker: Breaker, context: Context): BreakerToken {
  try {
    return breaker.allow();
  } catch (error) {
    if (!(error instanceof CircuitOpenError)) throw error;
    throw refuse(error, "breaker", error.report ?? breaker.explain(), context);
  }
}

function settle(token: BreakerToken, response: Response): void {
  // What is not a response becomes a 500 further out.
  const status = response instanceof Response ? response.status : 500;
  if (status < 500) token.accept();
  else token.reject(`${status} ${response?.statusText ?? ""}`.trimEnd());
}

function settleError(token: BreakerToken, error: unknown, context: Context): void {
  if (context.decision !== undefined || isNeutral(error) || isSlowClient(error)) {
    token[Symbol.dispose]();
  } else if (isCalleeFailure(error)) token.reject(error);
  else token.accept();
}

/** The code is `deadline_exceeded`, but it was the client's body that did not come, or the client's own limit. */
function isSlowClient(error: unknown): boolean {
  return error instanceof BodyTimeoutError || error instanceof CallerTimeoutError;
}
