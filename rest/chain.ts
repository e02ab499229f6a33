/**
 * The default chain: what every request goes through, in order.
 *
 * @module
 */

import { SreBreaker } from "../core/breaker/sre_breaker.ts";
import type { ServerEnvironment } from "./environment.ts";
import type { Middleware } from "./handler.ts";
import { accessLog } from "./middleware/access_log.ts";
import { ambientContext } from "./middleware/ambient.ts";
import { breaker } from "./middleware/breaker.ts";
import { watchDisconnect } from "./middleware/disconnect.ts";
import { gunzip } from "./middleware/gunzip.ts";
import { maxBytes } from "./middleware/max_bytes.ts";
import { maxConns } from "./middleware/max_conns.ts";
import { prometheus } from "./middleware/prometheus.ts";
import { recover } from "./middleware/recover.ts";
import { requestStats } from "./middleware/request_stats.ts";
import { shedding } from "./middleware/shedding.ts";
import { timeout } from "./middleware/timeout.ts";
import { trace } from "./middleware/trace.ts";
import { type LayerName, routeName, type RouteSettings } from "./route.ts";

/** One layer of the chain. */
export interface ChainLayer {
  /** The switch in `Middlewares` that turns it off, if it has one. */
  readonly name: LayerName | "Ambient" | "Disconnect";
  /** Whether the layer is there even when its switch is off, and asks `route.layers` itself what is left of it. */
  readonly always?: boolean;
  /** Makes the middleware of one route, or nothing if the route's settings leave it no work. */
  create(route: RouteSettings, environment: ServerEnvironment): Middleware | undefined;
}

/**
 * The layers, outermost first. A layer above `Recover` sees every answer, errors included, as a response; a layer
 * below it sees errors as they are thrown.
 *
 * What costs least to refuse comes first: requests in flight are counted before a breaker is asked, and both before
 * the load is looked at. The time limit lies within them, so that a route which times out opens its breaker, and
 * the layers that touch the body within that, so that a slow body ends in time.
 */
export const defaultChain: readonly ChainLayer[] = [
  {
    name: "Trace",
    create: ({ pattern }, { untraced }) => untraced.has(pattern) ? undefined : trace(),
  },
  { name: "Log", create: (_route, { verbose }) => accessLog({ verbose }) },
  { name: "Prometheus", create: (_route, { metrics }) => prometheus(metrics) },
  // Without it a slip in a handler would end the process, so its switch turns off no more than its log.
  { name: "Recover", always: true, create: ({ layers }) => recover({ log: layers.Recover }) },
  {
    name: "MaxConns",
    create: (route, env) => route.maxConns > 0 ? maxConnsOf(route, env) : undefined,
  },
  { name: "Breaker", create: (route, env) => isMatched(route) ? breakerOf(route, env) : undefined },
  {
    name: "Shedding",
    create: (route, env) => isMatched(route) ? shedderOf(route, env) : undefined,
  },
  { name: "Timeout", create: ({ timeoutMs }) => timeout(timeoutMs > 0 ? timeoutMs : Infinity) },
  { name: "Ambient", create: () => ambientContext() },
  { name: "Disconnect", create: (route) => route.watchDisconnect ? watchDisconnect() : undefined },
  { name: "Metrics", create: (_route, { stats }) => requestStats(stats) },
  {
    name: "MaxBytes",
    create: (route) => route.maxBytes > 0 ? maxBytes(route.maxBytes) : undefined,
  },
  { name: "Gunzip", create: ({ maxBytes }) => gunzip({ maxBytes }) },
];

/** Whether there is a route; that an unknown path is answered with 404 says nothing of the service. */
function isMatched(route: RouteSettings): boolean {
  return route.method !== "";
}

function maxConnsOf(route: RouteSettings, { inFlight }: ServerEnvironment): Middleware {
  const name = routeName(route);
  const counter = inFlight.get(name) ?? { count: 0 };
  inFlight.set(name, counter);
  return maxConns(route.maxConns, counter);
}

function breakerOf(route: RouteSettings, environment: ServerEnvironment): Middleware {
  const { alerts, breakers, clock } = environment;
  const name = routeName(route);
  const kept = breakers.get(name) ?? new SreBreaker({ name, alerts, clock });
  breakers.set(name, kept);
  return breaker(kept);
}

function shedderOf(route: RouteSettings, { shedders }: ServerEnvironment): Middleware | undefined {
  return shedders && shedding(shedders.get(routeName(route)), route.criticality);
}

/** The middleware of one route: the layers that are on and have work, outermost first. */
export function chainFor(
  layers: readonly ChainLayer[],
  route: RouteSettings,
  environment: ServerEnvironment,
): Middleware[] {
  return layers
    .filter(({ name, always }) =>
      always || name === "Ambient" || name === "Disconnect" || route.layers[name]
    )
    .map((layer) => layer.create(route, environment))
    .filter((middleware) => middleware !== undefined);
}
