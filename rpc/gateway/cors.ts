/**
 * What browsers of other origins must be allowed for Connect and gRPC-Web.
 *
 * @see https://connectrpc.com/docs/cors/
 * @module
 */

/** Options for `cors` of `rest/security`. */
export interface RpcCors {
  /** Methods that the protocols use. */
  readonly methods: readonly string[];
  /** Headers of requests that they use. */
  readonly headers: readonly string[];
  /** Headers of answers that their clients read. Trailers of Connect have names of your own: add them with `trailer-`. */
  readonly exposeHeaders: readonly string[];
}

/**
 * Spread it into the options of `cors` of `rest/security`, and add the names of your own metadata.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cors } from "@zeno/zeno/rest/security";
 * import { rpcCors } from "@zeno/zeno/rpc/gateway";
 *
 * const allow = cors({ origins: ["https://app.example"], ...rpcCors });
 * const answer = allow(() => new Response())(
 *   new Request("https://api.example/greet.Greeter/Say", {
 *     method: "OPTIONS",
 *     headers: { origin: "https://app.example", "access-control-request-method": "POST" },
 *   }),
 *   undefined,
 * );
 * assertEquals((await answer).headers.get("access-control-allow-headers")?.includes("X-Grpc-Web"), true);
 * ```
 */
export const rpcCors: RpcCors = {
  methods: ["GET", "POST"],
  headers: [
    "Content-Type",
    "Connect-Protocol-Version",
    "Connect-Timeout-Ms",
    "Grpc-Timeout",
    "X-Grpc-Web",
    "X-User-Agent",
    "Traceparent",
    "Tracestate",
  ],
  exposeHeaders: ["Grpc-Status", "Grpc-Message", "Grpc-Status-Details-Bin", "Retry-After"],
};
