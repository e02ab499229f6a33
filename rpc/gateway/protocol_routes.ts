/**
 * The routes by which clients of Connect and gRPC-Web call a method.
 *
 * @module
 */

import type { Route } from "../../rest/route.ts";
import type { Target } from "./method.ts";
import type { GatewayRouteOptions } from "./options.ts";

export function protocolRoutes(_target: Target, _options: GatewayRouteOptions): Route[] {
  return [];
}
