/**
 * Calls to other HTTP services: typed by schemas, and safe without configuration.
 *
 * Every call has a deadline, and tells the callee what is left of it. What failed is called again only if that
 * does no harm, within a budget that all calls to a callee share, and by one tier of a chain. A breaker for
 * each address and route keeps calls away from what does not work. Nothing that is thrown or logged holds
 * a query, a password or a body.
 *
 * @example Call a service
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { array, int, object, string } from "@zeno/zeno/core/schema";
 * import { HttpClient, HttpError } from "@zeno/zeno/rest/client";
 *
 * const search = {
 *   method: "GET",
 *   path: "/teams/:team/users",
 *   request: object({ team: string().in("path"), tag: array(string()).in("form") }),
 *   response: array(object({ id: int(), name: string() })),
 * };
 * // In place of the network; leave it out.
 * const fetch = (url: string) =>
 *   Promise.resolve(
 *     url.endsWith("/teams/core/users?tag=a&tag=b")
 *       ? Response.json([{ id: 7, name: "Ada" }])
 *       : new Response(null, { status: 404 }),
 *   );
 * await using users = new HttpClient({ baseUrl: "http://users:8080", timeoutMs: 500, fetch });
 *
 * const found = await users.call(search, { team: "core", tag: ["a", "b"] });
 * assertEquals(found[0]?.name, "Ada");
 * try {
 *   await users.get("/teams/:team", { params: { team: "none" } });
 * } catch (error) {
 *   if (!(error instanceof HttpError)) throw error;
 *   assertEquals([error.status, error.code], [404, "not_found"]);
 * }
 * ```
 *
 * ## Where go-zero's httpc decides otherwise
 *
 * - A status of 400 or more is thrown as `HttpError`, unless `acceptStatus` says otherwise; there every
 *   answer is returned.
 * - Breakers are by address, method and route; there one breaker serves a whole service.
 * - Calls end after 3 s unless told otherwise, and failed ones are repeated; there neither is done.
 * - Figures are labelled with the pattern of the path, not with the URL, and a call without an answer
 *   counts as 503, 504 or 499, not as 500.
 * - Lists repeat their key in a query; there they are one text in brackets. What is `undefined` is left out.
 *
 * @module
 */

export type { BalancerName } from "./balancer.ts";
export * from "./errors.ts";
export { EventStreamParser, type ReceivedEvent } from "./event_stream.ts";
export type { EventsOptions } from "./events.ts";
export * from "./http_client.ts";
export { parseRetryAfter } from "./http_error.ts";
export * from "./interceptor.ts";
export * from "./options.ts";
export * from "./outcome.ts";
export { parseResponse, type ParseResponseOptions } from "./parse_response.ts";
export type { PlainParts, RequestBody, Scalar } from "./request.ts";
export * from "./resolver.ts";
export * from "./route.ts";
export * from "./transport.ts";
