/**
 * Cookies of an answer.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6265
 * @module
 */

import { setCookie } from "@std/http/cookie";
import { unsealed } from "./unsealed.ts";

/** Where a cookie lives; to delete it, say the same again. */
export interface CookieScope {
  /** Paths it is sent to: this one and those below. @default {"/"} */
  path?: string;
  /** Host it is sent to, subdomains included. @default {this host and no other} */
  domain?: string;
  /** Whether it is sent over TLS only; browsers count localhost as such. @default {true} */
  secure?: boolean;
  /** Whether scripts cannot read it. @default {true} */
  httpOnly?: boolean;
  /** When other sites' requests carry it; `None` needs `secure`. @default {"Lax"} */
  sameSite?: "Strict" | "Lax" | "None";
  /** Whether there is one for each site that embeds this one. @default {false} */
  partitioned?: boolean;
}

/** Options for {@link withCookie}. */
export interface CookieOptions extends CookieScope {
  /** Seconds until it is forgotten, an integer >= 0. @default {when the browser closes} */
  maxAgeSeconds?: number;
}

/**
 * Sets a cookie on an answer, safe by default: TLS only, out of reach of scripts, not sent along by other sites' forms.
 * A value that a cookie cannot hold is percent-encoded, and `parseCookies` decodes it.
 *
 * @returns The response itself, or a copy if its headers are sealed.
 * @throws {SyntaxError} If the name, path or domain is not one.
 * @throws {RangeError} If `maxAgeSeconds` is out of range.
 * @throws {TypeError} If `sameSite` is `None` without `secure`.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { empty } from "./json.ts";
 * const response = withCookie(empty(), "sid", "31d4", { maxAgeSeconds: 60 });
 * assertEquals(
 *   response.headers.getSetCookie(),
 *   ["sid=31d4; Secure; HttpOnly; Max-Age=60; SameSite=Lax; Path=/"],
 * );
 * ```
 */
export function withCookie(
  response: Response,
  name: string,
  value: string,
  options: CookieOptions = {},
): Response {
  const { maxAgeSeconds, ...scope } = options;
  if (maxAgeSeconds !== undefined && !(Number.isInteger(maxAgeSeconds) && maxAgeSeconds >= 0)) {
    throw new RangeError(
      `Cannot set cookie: need an integer maxAgeSeconds >= 0, got ${maxAgeSeconds}`,
    );
  }
  if (scope.sameSite === "None" && scope.secure === false) {
    throw new TypeError("Cannot set cookie: browsers take SameSite=None only with Secure");
  }
  if (name === "") throw new SyntaxError("Cannot set cookie: its name is empty");
  const open = unsealed(response);
  setCookie(open.headers, {
    path: "/",
    secure: true,
    httpOnly: true,
    sameSite: "Lax",
    ...scope,
    name,
    value: encodeValue(value),
    ...(maxAgeSeconds === undefined ? {} : { maxAge: maxAgeSeconds }),
  });
  return open;
}

/**
 * Makes the client forget a cookie. `scope` must be the one it was set with.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { empty } from "./json.ts";
 * const [line] = withoutCookie(empty(), "sid").headers.getSetCookie();
 * assertEquals(line, "sid=; Secure; HttpOnly; Max-Age=0; SameSite=Lax; Path=/");
 * ```
 */
export function withoutCookie(
  response: Response,
  name: string,
  scope: CookieScope = {},
): Response {
  return withCookie(response, name, "", { ...scope, maxAgeSeconds: 0 });
}

/** Encodes what RFC 6265 does not allow in a value, and `%`, which reading would take for an escape. */
function encodeValue(value: string): string {
  return /^[\x21\x23\x24\x26-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/.test(value)
    ? value
    : encodeURIComponent(value.toWellFormed());
}
