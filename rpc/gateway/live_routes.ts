/**
 * Routes that change while a server runs.
 *
 * @module
 */

import { NotFoundError } from "../../rest/errors.ts";
import type { Handler } from "../../rest/handler.ts";
import type { Server } from "../../rest/server.ts";
import { type GatewayRoutes, gatewayRoutes, type GatewayRoutesOptions } from "./gateway_routes.ts";
import type { GatewayService } from "./method.ts";
import { shapeOfPattern } from "./template/rest_pattern.ts";

/**
 * The routes of a gateway on a server. A server keeps the routes that it has, so what answers is looked up here: what is not
 * served any more is not found.
 */
export class LiveRoutes {
  readonly #server: Server;
  readonly #added = new Set<string>();
  #handlers: ReadonlyMap<string, Handler> = new Map();

  /** Makes routes for a server, none yet. */
  constructor(server: Server) {
    this.#server = server;
  }

  /**
   * Serves these from now on, and nothing else.
   *
   * @throws {SyntaxError | TypeError} If that cannot be; see {@link gatewayRoutes}. Nothing has changed then.
   */
  serve(services: readonly GatewayService[], options: GatewayRoutesOptions): void {
    const made = gatewayRoutes(services, options);
    this.#handlers = handlersOf(made);
    for (const route of made.routes) {
      const key = keyOf(route);
      if (this.#isNew(key)) this.#server.addRoutes([{ ...route, handler: this.#handler(key) }]);
    }
    for (const { prefix, handler: _, ...options } of made.mounts) {
      if (this.#isNew(prefix)) this.#server.handle(prefix, this.#handler(prefix), options);
    }
  }

  #isNew(key: string): boolean {
    return this.#added.size < this.#added.add(key).size;
  }

  #handler(key: string): Handler {
    return (request, context) => {
      const handler = this.#handlers.get(key);
      if (handler) return handler(request, context);
      throw new NotFoundError(context.path);
    };
  }
}

function handlersOf({ routes, mounts }: GatewayRoutes): Map<string, Handler> {
  const handlers = new Map(routes.map((route) => [keyOf(route), route.handler]));
  for (const { prefix, handler } of mounts) handlers.set(prefix, handler);
  return handlers;
}

function keyOf({ method, path }: { readonly method: string; readonly path: string }): string {
  return `${method} ${shapeOfPattern(path)}`;
}
