/**
 * What happens to errors nobody meant to throw.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import type { Middleware } from "../handler.ts";

/**
 * Logs an unexpected error with its stack and its trace, and passes on a `ServiceError` that tells the
 * caller nothing of it. Errors that are `ServiceError`s already, and work given up because its signal was
 * aborted, pass without a log line.
 */
export function recover(): Middleware {
  return (next) => (request, context) => {
    try {
      const result = next(request, context);
      if (!(result instanceof Promise)) return result;
      return result.catch((thrown: unknown) => {
        throw expected(thrown, context);
      });
    } catch (thrown) {
      throw expected(thrown, context);
    }
  };
}

function expected(thrown: unknown, context: Context): ServiceError {
  const error = ServiceError.from(thrown);
  const givenUp = context.aborted &&
    (error.code === "canceled" || error.code === "deadline_exceeded");
  if (error !== thrown && !givenUp) {
    const stack = thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown);
    context.log.error(
      `Cannot answer ${context.request.method} ${context.route}: unexpected error`,
      {
        stack,
      },
    );
  }
  return error;
}
