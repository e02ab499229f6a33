/**
 * The handshake.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-4.2
 * @module
 */

import { createHash } from "node:crypto";
import { BadRequestError } from "../errors.ts";
import { upgradeOffer } from "../listener/upgrade_offer.ts";
import { FrameSocket, type FrameSocketOptions } from "./_frame_socket.ts";
import { UpgradeRequiredError } from "./errors.ts";
import type { SocketLike } from "./session.ts";

/** How to accept a websocket. */
export interface AcceptOptions extends FrameSocketOptions {
  /** The protocol that is agreed on; empty for none. */
  protocol: string;
}

/** A socket that opens when the response is sent. */
export interface Accepted {
  readonly socket: SocketLike;
  readonly response: Response;
}

/**
 * Requires that a request asks for a websocket.
 *
 * @throws {UpgradeRequiredError} If it does not, or for one of another version than is spoken.
 * @throws {BadRequestError} If it does so wrongly.
 */
export function requireHandshake({ method, headers }: Request): void {
  const isAsked = method === "GET" && names(headers.get("upgrade"), "websocket") &&
    names(headers.get("connection"), "upgrade");
  if (!isAsked || headers.get("sec-websocket-version") !== "13") throw new UpgradeRequiredError();
  if (KEY.test(headers.get("sec-websocket-key") ?? "")) return;
  throw new BadRequestError("Cannot open websocket: Sec-WebSocket-Key is not 16 bytes in Base64");
}

/**
 * Accepts a websocket, with the frames of this folder where the listener gives the connection away, else with the runtime's.
 */
export function acceptWebSocket(request: Request, options: AcceptOptions): Accepted {
  const take = upgradeOffer(request);
  if (!take) return acceptByRuntime(request, options);
  const key = request.headers.get("sec-websocket-key");
  const socket = new FrameSocket(take, options);
  const response = new Response(null, {
    status: 101,
    headers: {
      upgrade: "websocket",
      connection: "Upgrade",
      "sec-websocket-accept": createHash("sha1").update(`${key}${GUID}`).digest("base64"),
      ...(options.protocol === "" ? {} : { "sec-websocket-protocol": options.protocol }),
    },
  });
  return { socket, response };
}

/** Whether a list of names has this one, in whatever case. */
function names(list: string | null, name: string): boolean {
  return list?.toLowerCase().split(",").some((part) => part.trim() === name) === true;
}

/** Sixteen bytes: two digits and two signs to fill up after twenty. */
const KEY = /^[A-Za-z0-9+/]{22}==$/;

/** Proves that the other side speaks websocket. */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

function acceptByRuntime(request: Request, { protocol, heartbeatMs }: AcceptOptions): Accepted {
  return Deno.upgradeWebSocket(request, {
    ...(protocol === "" ? {} : { protocol }),
    idleTimeout: Math.ceil(heartbeatMs / 1000),
  });
}
