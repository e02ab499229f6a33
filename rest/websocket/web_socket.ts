/**
 * Routes that are websockets.
 *
 * @module
 */

import type { Schema } from "../../core/schema/field.ts";
import type { Context } from "../context.ts";
import type { Handler } from "../handler.ts";
import { logUnexpected } from "../middleware/recover.ts";
import { WebSocketClosedError } from "./errors.ts";
import type { RawMessage } from "./message.ts";
import { limitsOf, type WebSocketOptions } from "./options.ts";
import type { WebSocketSession } from "./session.ts";
import { type TypedWebSocketOptions, type Upgrade, upgrade } from "./upgrade.ts";

/** What happens on one connection. When it settles the connection is closed. */
export type SessionHandler<In> = (
  session: WebSocketSession<In>,
  context: Context,
) => void | Promise<void>;

/**
 * A handler for a GET route that opens a websocket and runs `handle` on it. When `handle` returns, the connection is closed
 * with 1000; when it throws, that is logged and the connection is closed with 1011, which tells the client nothing.
 *
 * @throws {RangeError} If an option is out of range.
 * @example An echo
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Server } from "@zeno/zeno/rest";
 * import { webSocket } from "@zeno/zeno/rest/websocket";
 *
 * const config = { Name: "echo", Host: "127.0.0.1", Port: 0, Log: { Level: "severe" } } as const;
 * await using server = new Server(config);
 * server.get("/echo", webSocket(async (session) => {
 *   for await (const message of session) await session.send(message);
 * }));
 * await server.start();
 *
 * const client = new WebSocket(`ws://127.0.0.1:${server.address.port}/echo`);
 * client.onopen = () => client.send("hello");
 * const answer = await new Promise((resolve) => client.onmessage = ({ data }) => resolve(data));
 * assertEquals(answer, "hello");
 * client.close();
 * await new Promise((resolve) => client.onclose = resolve);
 * ```
 *
 * @example Messages in JSON that fit a schema
 * ```ts
 * import { object, string } from "@zeno/zeno/core/schema";
 * import { webSocket } from "@zeno/zeno/rest/websocket";
 *
 * const chat = webSocket(async (session) => {
 *   for await (const { text } of session) await session.sendJson({ heard: text });
 * }, { message: object({ text: string() }), messagesPerSecond: 10 });
 * ```
 */
export function webSocket<In>(
  handle: SessionHandler<In>,
  options: TypedWebSocketOptions<In>,
): Handler;
/** A handler for a GET route that opens a websocket whose messages are taken as they are. */
export function webSocket(handle: SessionHandler<RawMessage>, options?: WebSocketOptions): Handler;
export function webSocket<In>(
  handle: SessionHandler<In> | SessionHandler<RawMessage>,
  options: WebSocketOptions & { message?: Schema<In> } = {},
): Handler {
  limitsOf(options); // So that a slip is seen when the route is made.
  return (request, context) => {
    // The overloads say that handler and messages go together.
    const { response, session } = upgrade(
      request,
      context,
      options as TypedWebSocketOptions<In>,
    ) as Upgrade<In>;
    run(handle as SessionHandler<In>, session, context);
    return response;
  };
}

async function run<In>(
  handle: SessionHandler<In>,
  session: WebSocketSession<In>,
  context: Context,
): Promise<void> {
  try {
    await handle(session, context);
    session.close();
  } catch (error) {
    // A send that came too late, or work that was given up: that is how connections end.
    const over = error instanceof WebSocketClosedError || error === session.signal.reason;
    if (!over) logUnexpected(error, context);
    session.close(1011);
  }
}
