/**
 * Zeno: a Deno-native service framework whose resilience needs no configuration.
 *
 * Here is what every service starts with. The building blocks have subpaths of their own (`@zeno/zeno/core/async`,
 * `@zeno/zeno/core/retry`, ...), and so has each folder below (`@zeno/zeno/rest`), which loads no more than it needs.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { json, Server } from "@zeno/zeno";
 *
 * await using server = new Server({ Name: "hello", Port: 0, Log: { Level: "severe" } });
 * server.get("/hello/:name", (_request, context) => json({ hello: context.params.name }));
 * const response = await server.fetch(new Request("http://localhost/hello/you"));
 * assertEquals(await response.json(), { hello: "you" });
 * ```
 *
 * @module
 */

export * from "./core/clock.ts";
export * from "./core/conf/mod.ts";
export * from "./core/errors.ts";
export * from "./core/log/mod.ts";
export * from "./core/proc/mod.ts";
export * from "./core/schema/mod.ts";
export * from "./core/service/mod.ts";
export * from "./core/trace/mod.ts";
export * from "./rest/jwt/mod.ts";
export * from "./rest/mod.ts";
export * from "./rest/router/mod.ts";
