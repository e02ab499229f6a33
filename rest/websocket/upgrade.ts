/**
 * From a request to a websocket.
 *
 * @module
 */

import type { Context } from "../context.ts";
import { acceptWebSocket, requireHandshake } from "./_accept.ts";
import { ForeignOriginError } from "./errors.ts";
import type { Schema } from "../../core/schema/field.ts";
import { type MessageReader, type RawMessage, readJson, readRaw } from "./message.ts";
import { limitsOf, type WebSocketOptions } from "./options.ts";
import { isAllowedOrigin } from "./origin.ts";
import { WebSocketSession } from "./session.ts";

/** A websocket that opens when the response is returned. */
export interface Upgrade<In> {
  /** What the handler must return. */
  readonly response: Response;
  /** The connection. */
  readonly session: WebSocketSession<In>;
}

/** Options of a websocket whose messages are JSON. */
export interface TypedWebSocketOptions<In> extends WebSocketOptions {
  /** What messages are like; one that is not closes the connection with 1007. */
  message: Schema<In>;
}

/**
 * Opens a websocket. When the server begins to stop it is closed with 1001, and when it ends `context.signal` is aborted.
 *
 * It takes a request as the listener made it, so no middleware may have replaced it, and a listener of kind `serve` or `node`.
 * {@link webSocket} is shorter where the session is one function.
 *
 * @throws {UpgradeRequiredError} If the request does not ask for a websocket.
 * @throws {BadRequestError} If it does so wrongly.
 * @throws {ForeignOriginError} If the page that asks may not.
 * @throws {RangeError} If an option is out of range.
 * @example
 * ```ts
 * import type { Context } from "../context.ts";
 * const clock = (request: Request, context: Context) => {
 *   const { response, session } = upgrade(request, context);
 *   session.sendJson({ now: context.environment.clock.wallTime() }).catch(() => {});
 *   return response;
 * };
 * ```
 */
export function upgrade<In>(
  request: Request,
  context: Context,
  options: TypedWebSocketOptions<In>,
): Upgrade<In>;
/** Opens a websocket whose messages are taken as they are. */
export function upgrade(
  request: Request,
  context: Context,
  options?: WebSocketOptions,
): Upgrade<RawMessage>;
export function upgrade<In>(
  request: Request,
  context: Context,
  options: WebSocketOptions & { message?: Schema<In> } = {},
): Upgrade<In> | Upgrade<RawMessage> {
  const { message } = options;
  return message
    ? open(request, context, options, readJson(message))
    : open(request, context, options, readRaw);
}

function open<In>(
  request: Request,
  context: Context,
  options: WebSocketOptions,
  read: MessageReader<In>,
): Upgrade<In> {
  const limits = limitsOf(options);
  requireHandshake(request);
  if (!isAllowedOrigin(request, options.origins ?? "same-origin")) throw new ForeignOriginError();
  const protocol = agreedProtocol(request, options.protocols ?? []);
  const { clock, draining } = context.environment;
  const { heartbeatMs = 60_000 } = options;
  const { maxMessageBytes } = limits;
  const { socket, response } = acceptWebSocket(request, {
    protocol,
    maxMessageBytes,
    heartbeatMs,
    clock,
  });
  const session = new WebSocketSession(socket, { protocol, clock, limits, read });
  const onDrain = () => session.close(1001, "the server is stopping");
  draining.addEventListener("abort", onDrain, { once: true });
  if (draining.aborted) onDrain();
  session.ended.then(() => {
    draining.removeEventListener("abort", onDrain);
    context.abort(session.signal.reason);
  });
  return { response, session };
}

/** The first of our protocols that the client offers; empty if it offers none. */
function agreedProtocol(request: Request, protocols: readonly string[]): string {
  const offered = request.headers.get("sec-websocket-protocol")?.split(",");
  const names = offered?.map((name) => name.trim()) ?? [];
  return protocols.find((protocol) => names.includes(protocol)) ?? "";
}
