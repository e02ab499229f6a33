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
 * @example A service and a caller
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { RpcClient, RpcServer, type ServiceInfo } from "@zeno/zeno/rpc";
 * import { healthService } from "@zeno/zeno/rpc";
 *
 * const Log = { Level: "severe" } as const;
 * await using server = new RpcServer({ Name: "greet", ListenOn: "inproc:///greet", Log });
 * await server.start();
 * await using client = new RpcClient({ Target: "inproc:///greet" });
 * const health = client.stub(healthService);
 * assertEquals((await health.check({ service: "" })).status, 1);
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
export { RpcProxy } from "./client/rpc_proxy.ts";
export { Authenticator, type AuthenticatorOptions } from "./interceptor/server/authenticator.ts";
export type { InFlight } from "./interceptor/server/concurrency.ts";
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
