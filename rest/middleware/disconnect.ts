/**
 * Work that ends when its client goes away.
 *
 * @module
 */

import type { Context } from "../context.ts";
import type { Middleware } from "../handler.ts";

/** How long a request may take before anybody asks whether its client is still there, in ms. */
const PATIENCE_MS = 20;

/**
 * Aborts `context.signal` when the client closes the connection before it has its answer.
 *
 * To look costs more than the rest of a small request, so only requests that take a while are looked after. The runtime tells
 * then of clients that went before, too.
 */
export function watchDisconnect(): Middleware {
  return (next) => (request, context) => {
    const { deadlines } = context.environment;
    const atMs = context.startedMs + PATIENCE_MS;
    const patience = deadlines.scheduleAt(atMs, () => follow(request, context));
    context.onFinish(() => patience.cancel());
    return next(request, context);
  };
}

function follow({ signal }: Request, context: Context): void {
  const onAbort = () => context.abort(new DOMException("The client went away", "AbortError"));
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
}
