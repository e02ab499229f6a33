/**
 * Figures of each method, for Prometheus.
 *
 * @module
 */

import { grpcNumberOf } from "../../../core/errors.ts";
import type { Counter } from "../../../core/metric/counter.ts";
import { defaultRegistry, type MetricRegistry } from "../../../core/metric/registry.ts";
import { rpcServerMetrics } from "../../../core/metric/request_metrics.ts";
import type { MethodInfo } from "../../method.ts";
import type { RpcContext } from "../../server/context.ts";
import type { ServerInterceptor } from "../../server/handler.ts";
import { callError } from "./failure.ts";

/**
 * Counts calls of one message by method and code, and the times they took, as `rpc_server_requests_duration_ms` and
 * `rpc_server_requests_code_total`.
 *
 * @param registry Where the figures go. @default {defaultRegistry}
 */
export function metrics(registry: MetricRegistry = defaultRegistry): ServerInterceptor {
  const { duration, codes } = rpcServerMetrics(registry);
  return {
    unary: (next, method: MethodInfo) => {
      const durations = duration.labels(method.path);
      // There are few codes, and finding a series by its labels costs ten times as much as this.
      const byCode: Counter[] = [];
      const count = (code: number, context: RpcContext) => {
        durations.observe(Math.floor(context.answeredMs - context.startedMs));
        (byCode[code] ??= codes.labels(method.path, String(code))).inc();
      };
      const failed = (thrown: unknown, context: RpcContext) =>
        count(grpcNumberOf(callError(thrown).code), context);
      return (request, context) => {
        let result: unknown;
        try {
          result = next(request, context);
        } catch (thrown) {
          failed(thrown, context);
          throw thrown;
        }
        if (result instanceof Promise) {
          result.then(() => count(0, context), (thrown) => failed(thrown, context));
        } else count(0, context);
        return result;
      };
    },
  };
}
