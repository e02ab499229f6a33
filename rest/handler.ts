/**
 * The two shapes everything in `rest` is made of.
 *
 * @module
 */

import type { Context } from "./context.ts";

/**
 * Answers a request. It is shaped like a fetch handler, so any fetch handler is one.
 *
 * It may throw: a `ServiceError` becomes its status, anything else becomes 500.
 */
export type Handler = (request: Request, context: Context) => Response | Promise<Response>;

/**
 * Wraps a handler in another. It runs once for each route, so what it makes before it returns is
 * shared by the requests of one route and by no others.
 *
 * @example Time a handler
 * ```ts
 * import type { Middleware } from "./handler.ts";
 * const timed: Middleware = (next) => async (request, context) => {
 *   const started = performance.now();
 *   const response = await next(request, context);
 *   context.log.info("timed", { ms: performance.now() - started });
 *   return response;
 * };
 * ```
 */
export type Middleware = (next: Handler) => Handler;

/** Wraps `handler` in `middleware`; the first of the list runs first. */
export function compose(middleware: readonly Middleware[], handler: Handler): Handler {
  return middleware.reduceRight((next, wrap) => wrap(next), handler);
}
