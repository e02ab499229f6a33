/**
 * Listening: the kind that the configuration names.
 *
 * @module
 */

import { limitsOf } from "./config.ts";
import { listenConnection } from "./connection.ts";
import { connectionEntry } from "./connection_entry.ts";
import type { Dispatch, Listener, ListenOptions } from "./listener.ts";
import { listenNode } from "./node.ts";
import { listenServe } from "./serve.ts";

/**
 * Listens, and resolves when it does.
 *
 * @throws {ServiceError} If it cannot, or if a limit is set that the kind cannot hold; the message says what to do.
 */
export async function listen(dispatch: Dispatch, options: ListenOptions): Promise<Listener> {
  const { Kind = "serve" } = options.listener ?? {};
  limitsOf(options.listener ?? {});
  if (Kind === "node") return await listenNode(dispatch, options);
  if (Kind === "serve") return listenServe(dispatch, options);
  const entry = connectionEntry();
  if (entry) return listenConnection(dispatch, options, entry);
  options.onWarning?.(
    "This runtime cannot serve single connections; Listener.Kind is node in place of connection",
  );
  return await listenNode(dispatch, options);
}
