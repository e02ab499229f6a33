/**
 * Callers show who they are.
 *
 * @module
 */

import type { RpcContext } from "../../server/context.ts";
import type { ServerInterceptor } from "../../server/handler.ts";
import type { Authenticator } from "./authenticator.ts";

/** Lets a call through when the `app` and `token` of its metadata belong together; see {@link Authenticator}. */
export function authorize(authenticator: Authenticator): ServerInterceptor {
  const check = (context: RpcContext) =>
    authenticator.authenticate(context.header("app"), context.header("token"));
  return {
    unary: (next) => async (request, context) => {
      await check(context);
      return await next(request, context);
    },
    stream: (next) =>
      async function* (requests, context) {
        await check(context);
        yield* next(requests, context);
      },
  };
}
