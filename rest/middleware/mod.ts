/**
 * The layers of the default chain, each for use alone.
 *
 * @example
 * ```ts
 * import { json, Server } from "@zeno/zeno/rest";
 * import { maxBytes } from "@zeno/zeno/rest/middleware";
 *
 * await using server = new Server({ Name: "notes", Port: 0 });
 * server.post("/notes", async (request) => json({ length: (await request.text()).length }), {
 *   middleware: [maxBytes(1024)],
 * });
 * ```
 *
 * @module
 */

export * from "./access_log.ts";
export * from "./disconnect.ts";
export * from "./max_bytes.ts";
export { recover, type RecoverOptions } from "./recover.ts";
export * from "./timeout.ts";
