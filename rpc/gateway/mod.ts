/**
 * An HTTP server before RPC services. Browsers, scripts and partners speak plain HTTP with JSON, Connect or gRPC-Web; the
 * services speak gRPC, or live in the same process.
 *
 * - **Plain HTTP** by the annotation `google.api.http`: path templates with `*`, `**` and verbs, additional bindings, `body`,
 *   `response_body`, queries for nested and repeated fields, the JSON of proto3 both ways. Where no annotation is,
 *   `Mappings` of the configuration name routes. Streams come as events or as lines of JSON, as `Accept` says.
 * - **Connect** and **gRPC-Web** at `/package.Service/Method`, with bytes or JSON.
 * - What is served is known from generated code ({@link Gateway.add}), from descriptor sets (`ProtoSets`), or from the service
 *   itself by reflection. A service that is not there when the gateway starts is asked until it is; {@link Gateway.refresh} asks
 *   again for what was deployed since.
 * - An upstream of kind `Http` is passed on as it is.
 *
 * Around every call is the default chain of `rest`: log, metrics, limits, shedding, breaker, timeout, and what you add, such as
 * authorization. Deadlines are passed on (`zeno-timeout-ms`, `grpc-timeout`, `connect-timeout-ms`), and a client that goes
 * cancels its call. Errors keep their code, their message and their `google.rpc` details in the words of each protocol.
 *
 * A yaml file of a gateway of go-zero loads as it is: `loadConfig(gatewayConfig, "etc/gateway.yaml")`. What differs on purpose:
 * annotations count in full where go-zero reads the method and the path alone; templates with `{name=shelves/*}` work; errors are
 * problem+json and a breaker that is open is 503, not 400; numbers keep all digits; streams are separated by line ends; an upstream of
 * HTTP that cannot be reached is 502 or 504, not 400, and a target that is more than host and port fails at the start; `null` for
 * a field in JSON is always the same as its absence.
 *
 * Browsers of other origins need CORS: `new Gateway(config, { server: { cors: cors({ origins: [...], ...rpcCors }) } })`.
 *
 * @example A service within the process, called by HTTP
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MemoryLog } from "@zeno/zeno/core/testing";
 * import type { ServiceInfo } from "@zeno/zeno/rpc";
 * import { Gateway } from "@zeno/zeno/rpc/gateway";
 * import { LocalizedMessage } from "@zeno/zeno/rpc/proto/google";
 *
 * // Generated code has such a constant for each service.
 * const greeter: ServiceInfo = {
 *   typeName: "greet.Greeter",
 *   methods: {
 *     say: {
 *       name: "Say",
 *       path: "/greet.Greeter/Say",
 *       kind: "unary",
 *       input: LocalizedMessage,
 *       output: LocalizedMessage,
 *       options: { "google.api.http": { get: "/hello/{message}" } },
 *     },
 *   },
 * };
 * const caller = {
 *   unary: (_method: unknown, { message }: { message: string }) =>
 *     Promise.resolve({ locale: "en", message: `Hello ${message}` }),
 *   stream: () => { throw new Error("not this one"); },
 * };
 * const config = { Name: "gateway", Port: 0 };
 * await using gateway = new Gateway(config, { server: { log: new MemoryLog() } });
 * gateway.add(greeter, caller as never);
 * await gateway.connect();
 * const response = await gateway.fetch(new Request("http://localhost/hello/Ada"));
 * assertEquals(await response.json(), { locale: "en", message: "Hello Ada" });
 * ```
 *
 * @module
 */

export {
  type GatewayConf,
  gatewayConfig,
  type GatewayConfInput,
  type UpstreamConf,
  type UpstreamConfInput,
} from "./config.ts";
export { type RpcCors, rpcCors } from "./cors.ts";
export { DescriptorPool, type ServiceNode } from "./dynamic/descriptor_pool.ts";
export { formatGatewayError, gatewayErrors } from "./format_error.ts";
export { Gateway, type GatewayOptions } from "./gateway.ts";
export {
  addGateway,
  type GatewayMount,
  type GatewayRoutes,
  gatewayRoutes,
  type GatewayRoutesOptions,
} from "./gateway_routes.ts";
export type { Caller, CallSource, GatewayMethod, GatewayService } from "./method.ts";
export type { GatewayRouteOptions, MetadataSource } from "./options.ts";
export { serviceOfInfo, servicesOfPool } from "./service/described_service.ts";
export type { RouteMapping } from "./transcode/binding.ts";
export type { GatewayJsonOptions } from "./transcode/answerer.ts";
export type { Dialer, UpstreamCaller } from "./upstream/dial.ts";
export type { Connection, ConnectionState, OutgoingCall } from "../transport/transport.ts";
export { httpUpstream, type HttpUpstreamConf } from "./upstream/http_upstream.ts";
export { reflect, type ReflectOptions } from "./upstream/reflection.ts";
