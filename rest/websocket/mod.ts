/**
 * Websockets: who may open one, how much may come, and an end to each.
 *
 * They need the `serve` kind of listener, which is the default. Of that, two things cannot be mended from here: a message in
 * fragments is held until it is whole, however large it grows, and a client that does not mask its frames is heard. At a
 * public edge put a proxy in front that limits the first and refuses the second.
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
