/**
 * Answers: JSON, text, pages, redirects, cookies, streams and events.
 *
 * @example Events that a client can come back for
 * ```ts
 * import { Server } from "@zeno/zeno/rest";
 * import { EventChannel, lastEventId, sse } from "@zeno/zeno/rest/response";
 *
 * const news = new EventChannel();
 * await using server = new Server({ Name: "news", Port: 0, Log: { Level: "severe" } });
 * server.get("/news", (request, context) => sse(context, news.subscribe(lastEventId(request))));
 * news.publish("first", { event: "headline" });
 * ```
 *
 * @module
 */

export * from "./compressible.ts";
export * from "./cookie.ts";
export * from "./event_channel.ts";
export * from "./json.ts";
export * from "./negotiate.ts";
export * from "./problem.ts";
export * from "./redirect.ts";
export * from "./respond.ts";
export * from "./sse.ts";
export * from "./stream.ts";
export * from "./text.ts";
