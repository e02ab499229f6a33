/**
 * JSON Web Tokens: routes that need one, and making them.
 *
 * @example
 * ```ts
 * import { json, Server } from "@zeno/zeno/rest";
 * import { authorize, claimsOf, signToken } from "@zeno/zeno/rest/jwt";
 * import { assertEquals } from "@std/assert";
 *
 * const secret = "correct horse battery staple";
 * await using server = new Server({ Name: "me", Port: 0, Log: { Level: "severe" } });
 * server.addRoutes(
 *   [{ method: "GET", path: "/me", handler: (_, context) => json(claimsOf(context)) }],
 *   { middleware: [authorize({ secret })] },
 * );
 * const headers = { authorization: `Bearer ${signToken({ userId: 42 }, secret)}` };
 * const response = await server.fetch(new Request("http://localhost/me", { headers }));
 * assertEquals(await response.json(), { userId: 42 });
 * ```
 *
 * @module
 */

export * from "./authorize.ts";
export * from "./token.ts";
