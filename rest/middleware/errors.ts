/**
 * The boundary between what is thrown and what is answered.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import type { Middleware } from "../handler.ts";
import { problem } from "../response/problem.ts";

/**
 * Turns whatever the rest of the chain throws into an answer, and checks that what it returns is one.
 * Everything outside of this layer sees only responses.
 *
 * It cannot be switched off: a handler that resolves to something other than a fresh `Response` would end
 * the process in `Deno.serve`.
 */
export function errors(): Middleware {
  return (next) => (request, context) => {
    let result: unknown;
    try {
      result = next(request, context);
    } catch (thrown) {
      return problem(thrown, context);
    }
    if (!(result instanceof Promise)) return checked(result, context);
    return result.then(
      (response: unknown) => checked(response, context),
      (thrown: unknown) => problem(thrown, context),
    );
  };
}

function checked(response: unknown, context: Context): Response {
  if (response instanceof Response && !response.bodyUsed) return response;
  const what = response instanceof Response
    ? "a Response whose body was read already"
    : `${response === null ? "null" : typeof response}, not a Response`;
  const message =
    `Cannot answer ${context.request.method} ${context.route}: the handler returned ${what}`;
  context.log.error(message);
  return problem(new ServiceError("unknown", message), context);
}
