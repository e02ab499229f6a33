/**
 * What a listener says that cannot speak websocket.
 *
 * @module
 */

import type { ListenerKind } from "./config.ts";
import { problemResponse } from "./problem_response.ts";

/** Whether a request asks to become a websocket. */
export function wantsWebSocket(request: Request): boolean {
  return request.headers.get("upgrade")?.toLowerCase() === "websocket";
}

/** The answer to that, which says what to do. */
export function refuseUpgrade(kind: ListenerKind): Response {
  const detail =
    `Cannot open websocket: Listener.Kind ${kind} does not speak it; use Kind serve or node`;
  return problemResponse(501, detail);
}
