/**
 * Which pages may open a websocket.
 *
 * A browser lets any page open one to any host, with the user's cookies: only the server can tell them apart.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-10.2
 * @module
 */

/**
 * The pages that may: those of the host that is asked (`same-origin`), of listed origins such as `https://app.example`,
 * of any, or as a function says.
 */
export type AllowedOrigins =
  | "same-origin"
  | "any"
  | readonly string[]
  | ((origin: string) => boolean);

/**
 * Whether the page that sent a request may open a websocket. A client that names no page is no browser and may, for
 * it could name what it likes.
 *
 * Behind a proxy that rewrites `Host`, list the origins.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const headers = { host: "app.example", origin: "https://app.example" };
 * const request = new Request("https://app.example/", { headers });
 * assertEquals(isAllowedOrigin(request, "same-origin"), true);
 * assertEquals(isAllowedOrigin(request, ["https://other.example"]), false);
 * ```
 */
export function isAllowedOrigin(request: Request, allowed: AllowedOrigins): boolean {
  const origin = request.headers.get("origin");
  if (origin === null || allowed === "any") return true;
  if (typeof allowed === "function") return allowed(origin);
  if (allowed !== "same-origin") return allowed.includes(origin);
  const host = request.headers.get("host") ?? hostOf(request.url);
  return hostOf(origin) === host?.toLowerCase();
}

/** Host and port of a URL; undefined if it is none, as `null` is of a page in a sandbox. */
function hostOf(url: string): string | undefined {
  return URL.parse(url)?.host || undefined;
}
