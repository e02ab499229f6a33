/**
 * Safety at the edge: cross-origin requests, headers for browsers, cookies against forgery, limits by client.
 *
 * | what | keeps out |
 * |---|---|
 * | {@link cors} | scripts of other origins that read answers |
 * | {@link secureHeaders} | browsers that guess types, frame, leak referrers, talk without TLS |
 * | {@link csrf} | other sites that act with a user's cookies |
 * | {@link rateLimit} | those who ask too often |
 * | {@link clientAddress} | those who say they are someone else |
 * | `rest/security/content_security` | requests not signed as go-zero's clients do |
 * | `rest/security/message_signature` | requests not signed as RFC 9421 says |
 * | `rest/jwt` | those without a token |
 *
 * @example A server that browsers of one site may use
 * ```ts
 * import { Server } from "@zeno/zeno/rest";
 * import { cors, csrf, csrfToken, secureHeaders, wrapAll } from "@zeno/zeno/rest/security";
 * import { assertEquals } from "@std/assert";
 *
 * // Around the whole server, so that preflights of any path are answered.
 * const around = wrapAll(secureHeaders(), cors({ origins: ["https://shop.example"] }));
 * await using server = new Server({ Name: "shop", Port: 0, Log: { Level: "severe" } }, { cors: around });
 * server.use(csrf({ secret: "32 random characters, of the config" }));
 * server.get("/token", (_, context) => new Response(csrfToken(context)));
 * server.post("/buy", () => new Response("bought"));
 *
 * const headers = { "origin": "https://evil.example", "sec-fetch-site": "cross-site" };
 * const request = new Request("https://api.shop.example/buy", { method: "POST", headers });
 * const refused = await server.fetch(request);
 * assertEquals(refused.status, 403);
 * assertEquals(refused.headers.get("access-control-allow-origin"), null);
 * assertEquals(refused.headers.get("referrer-policy"), "no-referrer");
 * ```
 *
 * What CORS does otherwise than go-zero, on purpose:
 *
 * - An entry without a scheme, `safe.example`, is that host as well as all below it.
 * - `*` never goes with credentials: origins that are listed get their own name and credentials, all others `*` without.
 * - Headers are one list, `Vary` names nothing twice, and what only a preflight needs stands only there.
 * - A wrong method stays 405.
 *
 * @module
 */

export { type Answerer, type AnswerWrapper, wrapAll } from "./answer_headers.ts";
export * from "./client_address.ts";
export * from "./content_security_policy.ts";
export * from "./cors.ts";
export * from "./csrf.ts";
export * from "./ip_address.ts";
export { matchOrigins, type OriginMatcher } from "./origin_list.ts";
export * from "./rate_limit.ts";
export * from "./rate_limit_key.ts";
export * from "./replay_cache.ts";
export * from "./secure_headers.ts";
