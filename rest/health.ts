/**
 * The route that tells a load balancer whether to send requests here.
 *
 * @module
 */

import type { HealthRegistry } from "../core/proc/health.ts";
import type { Route } from "./route.ts";

const UNPROTECTED = {
  Log: false,
  MaxConns: false,
  Breaker: false,
  Shedding: false,
  Metrics: false,
} as const;

/**
 * A GET route that answers 200 `OK` while every probe is ready, and 503 with one line for each probe when one
 * is not, as it is from the moment the server begins to stop. It writes no access log line, and no protection
 * touches it: a service that is busy must not look dead.
 */
export function healthRoute(path: string, health: HealthRegistry): Route {
  return { method: "GET", path, layers: UNPROTECTED, handler: () => health.respond() };
}
