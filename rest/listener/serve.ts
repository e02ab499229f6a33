/**
 * The listener of kind `serve`.
 *
 * @module
 */

import { explained, requireSharing } from "./listen_error.ts";
import type { Dispatch, Listener, ListenOptions } from "./listener.ts";

/**
 * Listens with `Deno.serve`: the fastest, with no limit of its own on what a connection may do.
 *
 * @throws {ServiceError} If it cannot; the message says where it tried and what to do.
 */
export function listenServe(dispatch: Dispatch, options: ListenOptions): Listener {
  const { hostname, port, tls, sharePort } = options;
  try {
    if (sharePort) requireSharing();
    const server = Deno.serve({
      hostname,
      port,
      ...tls,
      ...sharePort ? { reusePort: true } : {},
      onListen: () => {},
      // Only for what goes wrong after the handler: a response that cannot be written.
      onError: () => new Response(null, { status: 500 }),
    }, dispatch);
    return {
      address: { hostname: server.addr.hostname, port: server.addr.port },
      finished: server.finished,
      shutdown: () => server.shutdown(),
      close: () => {},
    };
  } catch (error) {
    throw explained(error, `${hostname}:${port}`);
  }
}
