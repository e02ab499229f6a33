/**
 * HTTP services on `Deno.serve`: routes, the chain around them, binding, answers.
 *
 * @example A service in ten lines
 * ```ts ignore
 * import { int, object, string } from "@zeno/zeno/core/schema";
 * import { json, runService, Server } from "@zeno/zeno/rest";
 *
 * const order = object({ id: int().range("[1:]").in("path"), note: string().optional().in("form") });
 * const server = new Server({ Name: "orders", Port: 8888 });
 * server.get("/orders/:id", async (_request, context) => json(await context.bind(order)));
 * await runService(server);
 * ```
 *
 * @module
 */

export * from "./chain.ts";
export * from "./config.ts";
export * from "./context.ts";
export * from "./environment.ts";
export * from "./errors.ts";
export * from "./handler.ts";
export * from "./health.ts";
export * from "./live_requests.ts";
export * from "./mount.ts";
export * from "./request/bind.ts";
export * from "./request/cookie.ts";
export * from "./request/form.ts";
export * from "./request/inflate.ts";
export * from "./request/limit_body.ts";
export * from "./request/multipart.ts";
export * from "./request/read_body.ts";
export * from "./request/temporary_file.ts";
export * from "./response/compressible.ts";
export * from "./response/cookie.ts";
export * from "./response/event_channel.ts";
export * from "./response/json.ts";
export * from "./response/negotiate.ts";
export * from "./response/problem.ts";
export * from "./response/redirect.ts";
export * from "./response/respond.ts";
export * from "./response/sse.ts";
export * from "./response/stream.ts";
export * from "./response/text.ts";
export * from "./route.ts";
export * from "./run_service.ts";
export * from "./server.ts";
