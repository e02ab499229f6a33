/**
 * Websockets: who may open one, how much may come, and an end to each.
 *
 * They need a listener of kind `serve`, which is the default, or `node`. In `serve` frames are the runtime's, and of that two things
 * cannot be mended from here: a message in fragments is held until it is whole, however large it grows, and a client that does
 * not mask its frames is heard. In `node` frames are read by this module, as strictly as RFC 6455 has it: a message that grows
 * too large is refused at the frame that announces it, and so is whatever breaks the protocol. Use it at a public edge.
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
