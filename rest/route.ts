/**
 * What a route is, before and after it is bound to a server.
 *
 * @module
 */

import type { Criticality } from "../core/load/shedder.ts";
import type { Handler, Middleware } from "./handler.ts";

/** The layers of the default chain that can be switched, by go-zero's names. */
export type LayerName =
  | "Trace"
  | "Log"
  | "Prometheus"
  | "MaxConns"
  | "Breaker"
  | "Shedding"
  | "Timeout"
  | "Recover"
  | "Metrics"
  | "MaxBytes"
  | "Gunzip";

/** Which layers of the default chain are on. */
export type LayerSwitches = Readonly<Record<LayerName, boolean>>;

/** What can be said of one route, or of a group and so of all its routes. */
export interface RouteOptions {
  /** Milliseconds until a request is answered with 504 and its signal is aborted; 0 is never. */
  timeoutMs?: number | undefined;
  /** Largest request body in bytes; 0 is unlimited. */
  maxBytes?: number | undefined;
  /** Requests of this route in flight at most; 0 is unlimited. */
  maxConns?: number | undefined;
  /** Whether this is shed last under overload; short for the criticality `critical`. @default {false} */
  priority?: boolean | undefined;
  /** What becomes of these requests when not all can be served. @default {"normal", or "critical" with `priority`} */
  criticality?: Criticality | undefined;
  /**
   * Whether `context.signal` is aborted when the client goes away. It costs about twice what a small request
   * costs in all, so it is for long work. Streams made by `sse` notice without it. With `Listener.Kind` `serve` the runtime does not
   * notice until something streams if the request has a body of more than some hundred bytes. @default {false}
   */
  watchDisconnect?: boolean | undefined;
  /** Switches layers of the default chain for these routes. */
  layers?: Partial<LayerSwitches> | undefined;
  /** Middleware of these routes; the first runs first, all after the server's own. */
  middleware?: readonly Middleware[] | undefined;
}

/** A route: a method, a pattern such as `/users/:id`, and what answers. */
export interface Route extends RouteOptions {
  /** The HTTP method, in upper case. */
  method: string;
  /** The pattern, beginning with `/`; a segment that begins with `:` is a parameter. */
  path: string;
  /** Answers. */
  handler: Handler;
}

/** Options of a group of routes. A route's own options win. */
export interface RouteGroup extends RouteOptions {
  /** Joined before each path. */
  prefix?: string | undefined;
}

/** A route as `Server.routes` lists it. */
export interface RouteInfo {
  /** The HTTP method. */
  readonly method: string;
  /** The canonical pattern, prefix included. */
  readonly path: string;
}

/** Everything about a route that the layers of its chain may ask, with all defaults applied. */
export interface RouteSettings {
  /** The HTTP method; empty for the answer to unknown paths. */
  readonly method: string;
  /** The canonical pattern; empty for the answer to unknown paths. */
  readonly pattern: string;
  /** Milliseconds; 0 is never. */
  readonly timeoutMs: number;
  /** Bytes; 0 is unlimited. */
  readonly maxBytes: number;
  /** Requests in flight; 0 is unlimited. */
  readonly maxConns: number;
  /** Whether this is shed last. */
  readonly priority: boolean;
  /** What becomes of these requests when not all can be served. */
  readonly criticality: Criticality;
  /** Whether the signal follows the client's connection. */
  readonly watchDisconnect: boolean;
  /** Which layers are on. */
  readonly layers: LayerSwitches;
}

/** A route as logs, breakers and decisions call it: `GET /users/:id`. */
export function routeName(route: Pick<RouteSettings, "method" | "pattern">): string {
  return route.method === "" ? "(no route)" : `${route.method} ${route.pattern}`;
}
