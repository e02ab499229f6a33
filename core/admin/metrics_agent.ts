import { metricsResponse, type SnapshotSource } from "../metric/respond.ts";
import type { PrometheusConfig } from "../service/sections.ts";
import { type AdminListener, listenForAdmin } from "./listener.ts";
import { errorAnswer } from "./_respond.ts";

/**
 * A listener for metrics alone, as the `Prometheus` section asks for. The dev server does the same and
 * more; this is for configs that have the section.
 *
 * @returns `undefined` if the section names no host.
 * @throws {ServiceError} If it cannot listen.
 */
export function metricsAgent(
  config: PrometheusConfig,
  metrics: SnapshotSource,
): AdminListener | undefined {
  const { Host, Port, Path } = config;
  if (!Host) return undefined;
  return listenForAdmin((request) => {
    const { pathname } = new URL(request.url);
    return pathname === Path
      ? metricsResponse(metrics, request)
      : errorAnswer(404, `Cannot find ${pathname}: metrics are at ${Path}`);
  }, { hostname: Host, port: Port });
}
