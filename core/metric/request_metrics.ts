/**
 * The metrics of servers and of clients of services, under the names that dashboards made for
 * go-zero services look for.
 *
 * @see https://go-zero.dev/docs/tutorials/monitor/index
 * @module
 */

import type { Counter } from "./counter.ts";
import type { Histogram } from "./histogram.ts";
import type { MetricRegistry } from "./registry.ts";
import type { MetricVec } from "./vec.ts";

const HTTP_SERVER_BUCKETS_MS = [5, 10, 25, 50, 100, 250, 500, 750, 1000];
// deno-fmt-ignore
const HTTP_CLIENT_BUCKETS_MS = [0.25, 0.5, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2000, 5000, 10000, 15000];
const RPC_BUCKETS_MS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2000, 5000];

/** How long requests took, and how they ended. */
export interface RequestMetrics<
  Duration extends readonly string[],
  Code extends readonly string[],
> {
  /** Time until the answer, in ms. */
  readonly duration: MetricVec<Duration, Histogram>;
  /** Requests by how they ended. */
  readonly codes: MetricVec<Code, Counter>;
}

/** Labels of an HTTP server: the pattern of the route, the method, the decimal status. */
export type HttpServerLabels = readonly ["path", "method", "code"];
/** Labels of an HTTP client: the name of the callee, the method, the URL. */
export type HttpClientLabels = readonly ["name", "method", "url"];

/** `http_server_requests_duration_ms` and `http_server_requests_code_total`. */
export function httpServerMetrics(
  registry: MetricRegistry,
): RequestMetrics<HttpServerLabels, HttpServerLabels> {
  const labels = ["path", "method", "code"] as const;
  return {
    duration: registry.histogram({
      name: "http_server_requests_duration_ms",
      help: "Time until requests were answered, in ms.",
      labels,
      buckets: HTTP_SERVER_BUCKETS_MS,
    }),
    codes: registry.counter({
      name: "http_server_requests_code_total",
      help: "Requests answered, by status.",
      labels,
    }),
  };
}

/** `httpc_client_requests_duration_ms` and `httpc_client_requests_code_total`. */
export function httpClientMetrics(
  registry: MetricRegistry,
): RequestMetrics<HttpClientLabels, readonly [...HttpClientLabels, "code"]> {
  return {
    duration: registry.histogram({
      name: "httpc_client_requests_duration_ms",
      help: "Time until requests to other services were answered, in ms.",
      labels: ["name", "method", "url"],
      buckets: HTTP_CLIENT_BUCKETS_MS,
    }),
    codes: registry.counter({
      name: "httpc_client_requests_code_total",
      help: "Requests to other services, by status.",
      labels: ["name", "method", "url", "code"],
    }),
  };
}

/** `rpc_server_requests_duration_ms` and `rpc_server_requests_code_total`. */
export function rpcServerMetrics(
  registry: MetricRegistry,
): RequestMetrics<readonly ["method"], readonly ["method", "code"]> {
  return rpcMetrics(registry, "rpc_server", "Calls served");
}

/** `rpc_client_requests_duration_ms` and `rpc_client_requests_code_total`. */
export function rpcClientMetrics(
  registry: MetricRegistry,
): RequestMetrics<readonly ["method"], readonly ["method", "code"]> {
  return rpcMetrics(registry, "rpc_client", "Calls made");
}

function rpcMetrics(
  registry: MetricRegistry,
  namespace: string,
  what: string,
): RequestMetrics<readonly ["method"], readonly ["method", "code"]> {
  const subsystem = "requests";
  return {
    duration: registry.histogram({
      namespace,
      subsystem,
      name: "duration_ms",
      help: `${what}: time until they ended, in ms.`,
      labels: ["method"],
      buckets: RPC_BUCKETS_MS,
    }),
    codes: registry.counter({
      namespace,
      subsystem,
      name: "code_total",
      help: `${what}, by status code.`,
      labels: ["method", "code"],
    }),
  };
}
