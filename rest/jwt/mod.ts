/**
 * JSON Web Tokens: routes that need one, and making them.
 *
 * Tokens signed with a shared secret (HS256, HS384, HS512) are checked here. For public keys (RS, PS, ES, EdDSA) and
 * key sets at a URL there is `rest/jwt/jose`; what does not import it does not load the package behind it.
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
 * What differs from go-zero, on purpose: claims are not scattered over the context but in {@link claimsOf}; the answer
 * 401 has a body and a `WWW-Authenticate` header; a token whose header asks for an extension (`crit`) or names a
 * member twice is refused; nothing of the request is logged.
 *
 * @module
 */

export * from "./authorize.ts";
export { type ClaimRules, type Claims } from "./claims.ts";
export * from "./token.ts";
export * from "./verifier.ts";
