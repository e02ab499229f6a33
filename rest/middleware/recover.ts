/**
 * The boundary between what is thrown and what is answered.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import type { Middleware } from "../handler.ts";
import { problem } from "../response/problem.ts";

/** Options for {@link recover}. */
export interface RecoverOptions {
  /** Whether unexpected errors are logged, with their stack. @default {true} */
  log?: boolean;
}

/**
 * Turns whatever the rest of the chain throws into an answer, and checks that what it returns is one: a handler that
 * resolves to something other than a fresh `Response` would end the process in `Deno.serve`. What lies outside of
 * this layer sees only responses.
 *
 * A `ServiceError` becomes its status. Anything else is logged with its stack and its trace, and the caller is told
 * nothing but the trace id.
 */
export function recover(options: RecoverOptions = {}): Middleware {
  const { log = true } = options;
  return (next) => (request, context) => {
    let result: unknown;
    try {
      result = next(request, context);
    } catch (thrown) {
      return answer(thrown, context, log);
    }
    if (!(result instanceof Promise)) return checked(result, context, log);
    return result.then(
      (response: unknown) => checked(response, context, log),
      (thrown: unknown) => answer(thrown, context, log),
    );
  };
}

function checked(response: unknown, context: Context, log: boolean): Response {
  if (response instanceof Response && !response.bodyUsed) return response;
  const what = response instanceof Response
    ? "a Response whose body was read already"
    : `${response === null ? "null" : typeof response}, not a Response`;
  return answer(new TypeError(`the handler returned ${what}`), context, log);
}

function answer(thrown: unknown, context: Context, log: boolean): Response {
  const error = ServiceError.from(thrown);
  if (log && error.code === "unknown" && error !== thrown) logUnexpected(thrown, context);
  try {
    return problem(error, context);
  } catch (failure) {
    // What formats errors is the service's own and may fail; the layers outside count answers, not errors.
    logUnexpected(failure, context);
    return new Response(null, { status: 500 });
  }
}

/** Logs an error that nobody meant to throw. */
export function logUnexpected(thrown: unknown, context: Context): void {
  const stack = thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown);
  const { method } = context.request;
  context.log.error(`Cannot answer ${method} ${context.route}: unexpected error`, { stack });
}
