/**
 * What the configuration of a server says of its routes, and which of it can change while the server runs.
 *
 * @module
 */

import type { RestConf } from "./config.ts";
import type { RouteSettings } from "./route.ts";

/** The keys that can change while a server runs. */
export const LIVE_KEYS: readonly string[] = [
  "Log.Level",
  "Timeout",
  "MaxConns",
  "MaxBytes",
  "CpuThreshold",
  "Verbose",
  "Middlewares",
  "TraceIgnorePaths",
];

/** The settings of routes that say nothing else. */
export function routeDefaults(config: RestConf): Omit<RouteSettings, "method" | "pattern"> {
  return {
    timeoutMs: Math.max(0, config.Timeout),
    maxBytes: Math.max(0, config.MaxBytes),
    maxConns: Math.max(0, config.MaxConns),
    priority: false,
    criticality: "normal",
    watchDisconnect: false,
    layers: config.Middlewares,
  };
}
