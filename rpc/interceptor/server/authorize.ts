/**
 * Callers show who they are.
 *
 * @module
 */

import type { RpcContext } from "../../server/context.ts";
import type { ServerInterceptor } from "../../server/handler.ts";
import type { Authenticator } from "./authenticator.ts";

/** What a caller says of itself. */
export interface Credential {
  /** What it is called; `""` if it does not say. */
  readonly app: string;
  /** What proves it; `""` if there is nothing. */
  readonly token: string;
}

const NOBODY: Credential = { app: "", token: "" };

/**
 * What the metadata of a call says of its caller, `app` and `token`. Half of it is as good as nothing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const headers: Record<string, string> = { app: "shop", token: "s3cret" };
 * assertEquals(credentialOf({ header: (name) => headers[name] }), { app: "shop", token: "s3cret" });
 * assertEquals(credentialOf({ header: () => undefined }), { app: "", token: "" });
 * ```
 */
export function credentialOf(context: Pick<RpcContext, "header">): Credential {
  const app = context.header("app");
  const token = context.header("token");
  return app && token ? { app, token } : NOBODY;
}

/** Lets a call through when the `app` and `token` of its metadata belong together; see {@link Authenticator}. */
export function authorize(authenticator: Authenticator): ServerInterceptor {
  const check = (context: RpcContext) => {
    const { app, token } = credentialOf(context);
    return authenticator.authenticate(app, token);
  };
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
