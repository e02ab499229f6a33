/**
 * A check before calls of every kind.
 *
 * @module
 */

import type { RpcContext } from "../../server/context.ts";
import type { ServerInterceptor } from "../../server/handler.ts";

/**
 * Makes an interceptor that checks each call before its handler, those with streams too. What `check` throws or rejects with
 * is what the caller is told.
 *
 * @param check Gets what is known of the call; what it finds out it can leave in `context.state`.
 * @example Refuse callers without a tenant
 * ```ts
 * import { assertEquals, assertRejects } from "@std/assert";
 * import { ServiceError } from "@zeno/zeno/core/errors";
 * import { guard, healthService, RpcClient, RpcServer } from "@zeno/zeno/rpc";
 *
 * const tenants = guard((context) => {
 *   if (!context.header("tenant")) throw new ServiceError("unauthenticated", "Cannot take call: no tenant");
 * });
 * const config = { Name: "guarded", ListenOn: "inproc:///guarded", Health: false, Log: { Level: "severe" } } as const;
 * await using server = new RpcServer(config).use(tenants).add(healthService, {
 *   check: () => ({ status: 1 }),
 *   list: () => ({ statuses: new Map() }),
 *   async *watch() {
 *     yield { status: 1 };
 *   },
 * });
 * await server.start();
 * await using client = new RpcClient({ Target: "inproc:///guarded" });
 * const { check, watch } = client.stub(healthService);
 * assertEquals((await check({ service: "" }, { metadata: { tenant: "acme" } })).status, 1);
 * await assertRejects(() => check({ service: "" }), ServiceError, "no tenant");
 * await assertRejects(() => Array.fromAsync(watch({ service: "" })), ServiceError, "no tenant");
 * ```
 */
export function guard(check: (context: RpcContext) => void | Promise<void>): ServerInterceptor {
  return {
    unary: (next) => (request, context) => {
      const checked = check(context);
      return checked instanceof Promise
        ? checked.then(() => next(request, context))
        : next(request, context);
    },
    stream: (next) =>
      async function* (requests, context) {
        await check(context);
        yield* next(requests, context);
      },
  };
}
