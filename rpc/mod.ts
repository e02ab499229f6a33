/**
 * RPC services over gRPC: servers and clients that are safe without being told.
 *
 * A server has a chain around every method: traces, figures, a line for each call, a breaker, load shedding, a time limit, tokens.
 * A client has a deadline for every call, a breaker for each instance and method, and retries within a budget. Deadlines,
 * traces and baggage of a call are those of all that its handler calls. Nothing here knows what carries calls: see
 * `rpc/transport/grpc_js`, which is the default, and `rpc/transport/inproc`.
 *
 * What differs from go-zero on purpose: a server registers only once it listens; a method's time of 0 means no limit; timeouts
 * count as failures to the shedder; a call that is shed is `unavailable` with the reason `overloaded`; a panic is `internal`
 * and tells its caller nothing; breakers of clients are for each instance; health checks go around the chain.
 *
 * A server runs as a process with `runServices` of `core/service`, follows a changed configuration with `RpcServer.reload`, and
 * shows what its protections do on the admin pages.
 *
 * @example A service and a caller, in one process as in a test
 * ```ts
 * import { assertEquals, assertRejects } from "@std/assert";
 * import { ServiceError } from "@zeno/zeno/core/errors";
 * import { Metadata, RpcClient, RpcServer } from "@zeno/zeno/rpc";
 * import { StringValue } from "@zeno/zeno/rpc/proto/google";
 *
 * // What `zeno rpc gen greet.proto` writes, in short.
 * const text = { input: StringValue, output: StringValue };
 * const greeterService = {
 *   typeName: "greet.Greeter",
 *   methods: {
 *     say: { name: "Say", path: "/greet.Greeter/Say", kind: "unary", ...text },
 *     count: { name: "Count", path: "/greet.Greeter/Count", kind: "server_stream", ...text },
 *   },
 * } as const;
 *
 * const log = { Log: { Level: "severe" } } as const;
 * await using server = new RpcServer({ Name: "greet", ListenOn: "inproc:///greet", ...log }) // Or ":8080".
 *   .add(greeterService, {
 *     say({ value }, context) {
 *       if (value === "") {
 *         const details = { field: "name" };
 *         throw new ServiceError("invalid_argument", "Cannot greet: there is no name", { details });
 *       }
 *       context.responseHeader.set("served-by", "a1");
 *       context.trailer.set("cost", "1");
 *       return { value: `Hello ${value} of ${context.metadata.get("tenant")}` };
 *     },
 *     async *count({ value }, { signal }) {
 *       for (let i = 1; i <= Number(value) && !signal.aborted; i++) yield { value: String(i) };
 *     },
 *   });
 * await server.start();
 *
 * await using client = new RpcClient({ Target: "inproc:///greet" }); // Or "dns:///greet:8080", "etcd://...".
 * const { say, count } = client.stub(greeterService);
 * let trailer = new Metadata();
 * const options = { metadata: { tenant: "acme" }, onTrailer: (got: Metadata) => void (trailer = got) };
 * assertEquals((await say({ value: "Ann" }, options)).value, "Hello Ann of acme");
 * assertEquals(trailer.get("cost"), "1");
 *
 * const error = await assertRejects(() => say({ value: "" }, options), ServiceError);
 * assertEquals([error.code, error.details], ["invalid_argument", { field: "name" }]);
 *
 * const seen: string[] = [];
 * for await (const { value } of count({ value: "3" })) seen.push(value);
 * assertEquals(seen, ["1", "2", "3"]);
 * ```
 *
 * @example An interceptor that goes around calls of both kinds; see `guard` for one that only checks
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import type { ServerInterceptor } from "@zeno/zeno/rpc";
 *
 * const sizes: ServerInterceptor = {
 *   // Asked once for each method; to leave one alone give `next` back.
 *   unary: (next, { path }) => async (request, context) => {
 *     const answer = await next(request, context);
 *     context.log.debug(`${path} answered`);
 *     return answer; // Whoever forgets this is told.
 *   },
 *   stream: (next, { path }) =>
 *     async function* (requests, context) {
 *       let count = 0;
 *       for await (const answer of next(requests, context)) {
 *         count++;
 *         yield answer;
 *       }
 *       context.log.debug(`${path} gave ${count} answers`);
 *     },
 * };
 * assertEquals(Object.keys(sizes), ["unary", "stream"]); // server.use(sizes)
 * ```
 *
 * @module
 */

export { isAcceptable } from "./acceptable.ts";
export type { CallOptions, ClientCall } from "./client/client_call.ts";
export {
  type ClientLayerSwitches,
  type RpcClientConf,
  rpcClientConfig,
  type RpcClientConfInput,
} from "./client/config.ts";
export type {
  CallerOf,
  ClientInterceptor,
  Requests,
  StreamCaller,
  Stub,
  UnaryCaller,
} from "./client/handler.ts";
export type { Instance } from "./client/instance.ts";
export type { RpcClientOptions } from "./client/options.ts";
export type { HedgeChoice, RetryChoice } from "./client/resilience.ts";
export { RpcClient } from "./client/rpc_client.ts";
export { type ProxyClient, RpcProxy } from "./client/rpc_proxy.ts";
export { Authenticator, type AuthenticatorOptions } from "./interceptor/server/authenticator.ts";
export { type Credential, credentialOf } from "./interceptor/server/authorize.ts";
export type { InFlight } from "./interceptor/server/concurrency.ts";
export { guard } from "./interceptor/server/guard.ts";
export { MemoryTokenStore, type TokenStore } from "./interceptor/server/token_store.ts";
export { Metadata, type MetadataInit, type MetadataValue } from "./metadata.ts";
export type {
  Idempotency,
  MessageType,
  MethodInfo,
  MethodKind,
  Methods,
  ServiceInfo,
} from "./method.ts";
export { defaultServerChain, type ServerLayer } from "./server/chain.ts";
export {
  type MethodSlowThresholdConf,
  type MethodTimeoutConf,
  type RpcRedisConf,
  type RpcServerConf,
  rpcServerConfig,
  type RpcServerConfInput,
  type ServerLayerSwitches,
  type Sparse,
  type StatConf,
} from "./server/config.ts";
export { RpcContext } from "./server/context.ts";
export type { RpcEnvironment } from "./server/environment.ts";
export {
  HealthCheckRequest,
  HealthCheckResponse,
  HealthCheckResponse_ServingStatus,
  HealthListRequest,
  HealthListResponse,
  type HealthMethods,
  healthService,
} from "./server/grpc/health/v1/health.gen.ts";
export type {
  HandlerOf,
  Implementation,
  ServerInterceptor,
  StreamHandler,
  UnaryHandler,
} from "./server/handler.ts";
export type { Registrar } from "./server/registrar.ts";
export { RpcServer, type RpcServerOptions } from "./server/rpc_server.ts";
export { type EtcdConf, etcdConfig } from "../core/discovery/etcd/config.ts";
export { errorOfStatus, type Status, statusCodeOf, statusOf } from "./status.ts";
export type {
  ClientTransport,
  Connection,
  ConnectionState,
  IncomingCall,
  ListenOptions,
  OutgoingCall,
  ServedMethod,
  ServedStream,
  ServedUnary,
  ServerTransport,
  TransportListener,
} from "./transport/transport.ts";
