/**
 * The routes of a gateway.
 *
 * @module
 */

import type { Handler } from "../../rest/handler.ts";
import type { Route, RouteOptions } from "../../rest/route.ts";
import { METHODS } from "../../rest/router/router.ts";
import type { Server } from "../../rest/server.ts";
import { protocolRoutes } from "./protocol_routes.ts";
import { type GatewayService, type Target, targetsOf } from "./method.ts";
import type { GatewayRouteOptions } from "./options.ts";
import { patternOfTemplate, prefixOfTemplate, shapeOfPattern } from "./template/rest_pattern.ts";
import {
  type Binding,
  bindingOfMapping,
  bindingsOfRule,
  pathOfMapping,
  type RouteMapping,
} from "./transcode/binding.ts";
import { Transcoder } from "./transcode/transcoder.ts";

/** What answers for all that is at and below a prefix. */
export interface GatewayMount extends RouteOptions {
  /** The prefix. */
  readonly prefix: string;
  /** Answers. */
  readonly handler: Handler;
}

/** What a gateway adds to a server. */
export interface GatewayRoutes {
  /** Routes of the templates that the router of `rest` has a pattern for. */
  readonly routes: readonly Route[];
  /** Prefixes of those with `**`, or with a method that has no route. */
  readonly mounts: readonly GatewayMount[];
}

/** Options for {@link gatewayRoutes}. */
export interface GatewayRoutesOptions extends GatewayRouteOptions {
  /** Routes besides those of the annotations. @default {[]} */
  readonly mappings?: readonly RouteMapping[] | undefined;
}

/**
 * The routes by which services are called: those of the annotations `google.api.http`, of mappings, and
 * `/package.Service/Method` for Connect and gRPC-Web.
 *
 * @throws {SyntaxError} If an annotation is wrong; the message names the method.
 * @throws {TypeError} If two bindings take the same paths, or a mapping names a method that is not there.
 */
export function gatewayRoutes(
  services: readonly GatewayService[],
  options: GatewayRoutesOptions = {},
): GatewayRoutes {
  const targets = targetsOf(services);
  const transcoder = new Transcoder(options);
  const collector = new RouteCollector(transcoder.handle, options.route);
  const add = (target: Target, binding: Binding) => {
    transcoder.add(target, binding);
    collector.add(binding);
  };
  for (const target of targets) {
    for (const binding of bindingsOfRule(target.method)) add(target, binding);
  }
  for (const mapping of options.mappings ?? []) {
    add(targetOf(targets, mapping), bindingOfMapping(mapping));
  }
  const protocols = targets.flatMap((target) => protocolRoutes(target, options));
  return {
    routes: [...collector.routes, ...protocols.map((route) => withDefaults(route, options.route))],
    mounts: collector.mounts,
  };
}

/**
 * Adds {@link gatewayRoutes} to a server, whose chain then goes around every call: log, metrics, limits, shedding, breaker, timeout,
 * and whatever middleware it has.
 */
export function addGateway(
  server: Server,
  services: readonly GatewayService[],
  options: GatewayRoutesOptions = {},
): void {
  const { routes, mounts } = gatewayRoutes(services, options);
  server.addRoutes(routes);
  for (const { prefix, handler, ...route } of mounts) server.handle(prefix, handler, route);
}

/** The method that a mapping names. */
function targetOf(
  targets: readonly Target[],
  { Method, Path, RpcPath = "" }: RouteMapping,
): Target {
  const path = pathOfMapping(RpcPath);
  const target = targets.find(({ method }) => method.path === path);
  if (target) return target;
  throw new TypeError(
    `Cannot map ${Method.toUpperCase()} ${Path}: no service has the method ${RpcPath}`,
  );
}

/** Options with those that every route of a gateway has: every call is worth being cancelled. */
export function withDefaults<T extends object>(
  what: T,
  route: RouteOptions = {},
): T & RouteOptions {
  return { watchDisconnect: true, ...route, ...what };
}

/** Routes by method and pattern, each but once: the handler looks again which template a path fits. */
class RouteCollector {
  readonly #handler: Handler;
  readonly #options: RouteOptions | undefined;
  readonly #routes = new Map<string, Route>();
  readonly #mounts = new Map<string, GatewayMount>();

  constructor(handler: Handler, options: RouteOptions | undefined) {
    this.#handler = handler;
    this.#options = options;
  }

  get routes(): Route[] {
    return [...this.#routes.values()];
  }

  get mounts(): GatewayMount[] {
    return [...this.#mounts.values()];
  }

  add({ httpMethod, template }: Binding): void {
    const handler = this.#handler;
    const path = METHODS.has(httpMethod) ? patternOfTemplate(template) : undefined;
    if (path !== undefined) {
      const key = `${httpMethod} ${shapeOfPattern(path)}`;
      if (this.#routes.has(key)) return;
      this.#routes.set(key, withDefaults({ method: httpMethod, path, handler }, this.#options));
    } else {
      const prefix = prefixOfTemplate(template);
      this.#mounts.set(prefix, withDefaults({ prefix, handler }, this.#options));
    }
  }
}
