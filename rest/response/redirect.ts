/**
 * Answers that send the client elsewhere.
 *
 * @module
 */

import { BadRequestError } from "../errors.ts";

/** The statuses of a redirect. 303 makes the client GET, 307 and 308 keep the method. */
export type RedirectStatus = 301 | 302 | 303 | 307 | 308;

const STATUSES: readonly number[] = [301, 302, 303, 307, 308];

/**
 * Sends the client to `location`, which may be a path or a whole URL. What a header cannot hold is percent-encoded, so
 * no text can add a header of its own. For a target that a caller chose, use {@link redirectWithin}.
 *
 * @throws {RangeError} If `status` is none of a redirect.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const response = redirect("/users/é", 303);
 * assertEquals([response.status, response.headers.get("location")], [303, "/users/%C3%A9"]);
 * ```
 */
export function redirect(location: string, status: RedirectStatus = 302): Response {
  if (!STATUSES.includes(status)) {
    throw new RangeError(`Cannot redirect: need status ${STATUSES.join(", ")}, got ${status}`);
  }
  const encoded = location.toWellFormed().replace(/[^\x21-\x7e]/gu, encodeURIComponent);
  return new Response(null, { status, headers: { location: encoded } });
}

/**
 * As {@link redirect}, for a target that a caller chose, such as `?next=` of a login page: only a path of this site will do.
 *
 * @throws {BadRequestError} If `path` could lead to another site.
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * assertEquals(redirectWithin("/home?tab=1").headers.get("location"), "/home?tab=1");
 * assertThrows(() => redirectWithin("//evil.example"));
 * ```
 */
export function redirectWithin(path: string, status: RedirectStatus = 302): Response {
  // Browsers read a backslash as a slash, and drop tabs and line breaks wherever they are.
  if (!/^\/(?![/\\])[^\t\r\n\\]*$/.test(path)) {
    throw new BadRequestError("Cannot redirect: the target must be a path of this site");
  }
  return redirect(path, status);
}
