/**
 * Work that ends when its client goes away.
 *
 * @module
 */

import type { Middleware } from "../handler.ts";

/**
 * Aborts `context.signal` when the client closes the connection before it has its answer.
 *
 * The request's own signal must be touched before the handler runs, or a client that left early goes unnoticed; and
 * touching it costs more than the rest of a small request. Hence a switch of its own for each route.
 */
export function watchDisconnect(): Middleware {
  return (next) => (request, context) => {
    const { signal } = request;
    const onAbort = () => context.abort(new DOMException("The client went away", "AbortError"));
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    return next(request, context);
  };
}
