/**
 * Listening: the kind that the configuration names.
 *
 * @module
 */

import { limitsOf } from "./config.ts";
import type { Dispatch, Listener, ListenOptions } from "./listener.ts";
import { listenServe } from "./serve.ts";

/**
 * Listens, and resolves when it does.
 *
 * @throws {ServiceError} If it cannot, or if a limit is set that the kind cannot hold; the message says what to do.
 */
export async function listen(dispatch: Dispatch, options: ListenOptions): Promise<Listener> {
  const { Kind = "serve" } = options.listener ?? {};
  limitsOf(options.listener ?? {});
  if (Kind === "serve") return listenServe(dispatch, options);
  // Only who uses a kind waits for it to load: `node:http` alone takes longer to load than a bare server to start.
  if (Kind === "connection") {
    const { connectionEntry } = await import("./connection_entry.ts");
    const { listenConnection } = await import("./connection.ts");
    const entry = connectionEntry();
    if (entry) return listenConnection(dispatch, options, entry);
    options.onWarning?.(
      "This runtime cannot serve single connections; Listener.Kind is node in place of connection",
    );
  }
  const { listenNode } = await import("./node.ts");
  return await listenNode(dispatch, options);
}
