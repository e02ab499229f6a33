/**
 * Figures of each route, for Prometheus.
 *
 * @module
 */

import type { Counter } from "../../core/metric/counter.ts";
import type { Histogram } from "../../core/metric/histogram.ts";
import { defaultRegistry, type MetricRegistry } from "../../core/metric/registry.ts";
import { httpServerMetrics } from "../../core/metric/request_metrics.ts";
import type { Middleware } from "../handler.ts";

/** The series of one status of one route. */
interface Series {
  readonly duration: Histogram;
  readonly codes: Counter;
}

/**
 * Counts requests by route, method and status, and their durations until the last byte was out, as
 * `http_server_requests_duration_ms` and `http_server_requests_code_total`.
 *
 * @param registry Where the figures go. @default {defaultRegistry}
 */
export function prometheus(registry: MetricRegistry = defaultRegistry): Middleware {
  const metrics = httpServerMetrics(registry);
  return (next) => {
    // A route has few statuses, and finding a series by its labels costs ten times as much as this.
    const byStatus: Series[] = [];
    return (request, context) => {
      const { startedMs } = context;
      const { method } = request;
      const result = next(request, context);
      return result instanceof Promise ? result.then(watched) : watched(result);

      function watched(response: Response): Response {
        const { status } = response;
        // GET routes answer HEAD too: its figures are its own.
        const series = method === context.settings.method
          ? byStatus[status] ??= seriesOf(context.route, method, status)
          : seriesOf(context.route, method, status);
        context.onFinish((endedMs) => {
          series.duration.observe(Math.round(endedMs - startedMs));
          series.codes.inc();
        });
        return response;
      }
    };
  };

  function seriesOf(path: string, method: string, status: number): Series {
    const labels = [path, knownMethod(method), String(status)] as const;
    return { duration: metrics.duration.labels(...labels), codes: metrics.codes.labels(...labels) };
  }
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** A client may invent methods; each would be a series for ever. */
function knownMethod(method: string): string {
  return METHODS.has(method) ? method : "_OTHER";
}
