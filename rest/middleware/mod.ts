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
export * from "./ambient.ts";
export * from "./breaker.ts";
export * from "./compress.ts";
export * from "./disconnect.ts";
export * from "./gunzip.ts";
export * from "./max_bytes.ts";
export * from "./max_conns.ts";
export * from "./prometheus.ts";
export { recover, type RecoverOptions } from "./recover.ts";
export * from "./request_stats.ts";
export * from "./shedding.ts";
export * from "./timeout.ts";
export * from "./trace.ts";
