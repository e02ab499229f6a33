/**
 * Figures of each method that is called, for Prometheus.
 *
 * @module
 */

import type { Counter } from "../../../core/metric/counter.ts";
import { defaultRegistry, type MetricRegistry } from "../../../core/metric/registry.ts";
import { rpcClientMetrics } from "../../../core/metric/request_metrics.ts";
import type { ClientCall } from "../../client/client_call.ts";
import type { ClientInterceptor } from "../../client/handler.ts";
import { OK, statusCodeOf } from "../../status.ts";

/**
 * Counts calls of one message by method and code, and the times they took, as `rpc_client_requests_duration_ms` and
 * `rpc_client_requests_code_total`.
 *
 * @param registry Where the figures go. @default {defaultRegistry}
 */
export function metrics(registry: MetricRegistry = defaultRegistry): ClientInterceptor {
  const { duration, codes } = rpcClientMetrics(registry);
  return {
    unary: (next, method) => {
      const durations = duration.labels(method.path);
      const byCode: Counter[] = [];
      const count = (code: number, call: ClientCall) => {
        durations.observe(Math.floor(call.tookMs));
        (byCode[code] ??= codes.labels(method.path, String(code))).inc();
      };
      return (request, call) => {
        const result = next(request, call);
        result.then(() => count(OK, call), (error) => count(statusCodeOf(error), call));
        return result;
      };
    },
  };
}
