/**
 * The default chain: what every request goes through, in order.
 *
 * @module
 */

import type { ServerEnvironment } from "./environment.ts";
import type { Middleware } from "./handler.ts";
import { accessLog } from "./middleware/access_log.ts";
import { watchDisconnect } from "./middleware/disconnect.ts";
import { maxBytes } from "./middleware/max_bytes.ts";
import { recover } from "./middleware/recover.ts";
import { timeout } from "./middleware/timeout.ts";
import type { LayerName, RouteSettings } from "./route.ts";

/** One layer of the chain. */
export interface ChainLayer {
  /** The switch in `Middlewares` that turns it off, if it has one. */
  readonly name: LayerName | "Disconnect";
  /** Whether the layer is there even when its switch is off, and asks `route.layers` itself what is left of it. */
  readonly always?: boolean;
  /** Makes the middleware of one route, or nothing if the route's settings leave it no work. */
  create(route: RouteSettings, environment: ServerEnvironment): Middleware | undefined;
}

/**
 * The layers, outermost first. A layer above `Recover` sees every answer, errors included, as a response; a layer
 * below it sees errors as they are thrown.
 */
export const defaultChain: readonly ChainLayer[] = [
  { name: "Log", create: () => accessLog() },
  // Without it a slip in a handler would end the process, so its switch turns off no more than its log.
  { name: "Recover", always: true, create: ({ layers }) => recover({ log: layers.Recover }) },
  { name: "Timeout", create: ({ timeoutMs }) => timeoutMs > 0 ? timeout(timeoutMs) : undefined },
  { name: "Disconnect", create: (route) => route.watchDisconnect ? watchDisconnect() : undefined },
  {
    name: "MaxBytes",
    create: (route) => route.maxBytes > 0 ? maxBytes(route.maxBytes) : undefined,
  },
];

/** The middleware of one route: the layers that are on and have work, outermost first. */
export function chainFor(
  layers: readonly ChainLayer[],
  route: RouteSettings,
  environment: ServerEnvironment,
): Middleware[] {
  return layers
    .filter(({ name, always }) => always || name === "Disconnect" || route.layers[name])
    .map((layer) => layer.create(route, environment))
    .filter((middleware) => middleware !== undefined);
}
