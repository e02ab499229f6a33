/**
 * Websockets: who may open one, how much may come, and an end to each.
 *
 * They need the `serve` kind of listener, which is the default.
 *
 * @example A counter that each client gets
 * ```ts
 * import { Server } from "@zeno/zeno/rest";
 * import { webSocket } from "@zeno/zeno/rest/websocket";
 *
 * await using server = new Server({ Name: "counter", Port: 0, Log: { Level: "severe" } });
 * server.get("/count", webSocket(async (session) => {
 *   for (let count = 1; count <= 3; count++) await session.sendJson({ count });
 * }, { origins: ["https://app.example"] }));
 * ```
 *
 * @module
 */

export * from "./errors.ts";
export * from "./message.ts";
export * from "./options.ts";
export * from "./origin.ts";
export * from "./session.ts";
export * from "./upgrade.ts";
export * from "./web_socket.ts";
