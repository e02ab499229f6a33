/**
 * The parts of a request's target that a signature can cover.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9421#section-2.2
 * @module
 */

/** A target, in parts. */
export interface Target {
  /** The scheme, in lower case, without colon. */
  readonly scheme: string;
  /** Host and port, in lower case, without the port if it is the scheme's own. */
  readonly authority: string;
  /** The path as it was sent, escapes and all; at least `/`. */
  readonly path: string;
  /** The query as it was sent, with its question mark; empty if there is none. */
  readonly query: string;
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: ":80", https: ":443" };

/**
 * Reads a target.
 *
 * @param url The URL of the request, absolute.
 * @param origin What clients see of the service, such as `https://api.example.com`, where a proxy hides it.
 * @throws {SyntaxError} If `url` is not absolute.
 */
export function targetOf(url: string, origin?: string): Target {
  // Not by `URL`: it would change the path, which is signed as it was sent.
  const match = /^([a-z][a-z0-9+.-]*):\/\/(?:[^/?#@]*@)?([^/?#]*)([^?#]*)(\??[^#]*)/i.exec(url);
  if (!match) throw new SyntaxError("Cannot read target: the URL is not absolute");
  const [, scheme = "", authority = "", path = "", query = ""] = match;
  const own = origin === undefined ? { scheme, authority } : targetOf(origin);
  return { ...normalized(own.scheme, own.authority), path: path || "/", query };
}

function normalized(scheme: string, authority: string): Pick<Target, "scheme" | "authority"> {
  const lower = scheme.toLowerCase();
  const port = DEFAULT_PORTS[lower];
  const host = authority.toLowerCase();
  const isDefault = port !== undefined && host.endsWith(port);
  return { scheme: lower, authority: isDefault ? host.slice(0, -port.length) : host };
}

/**
 * The value of one parameter of the query, encoded again so that it is one line of ASCII.
 *
 * @param name The parameter's name, encoded.
 * @returns `undefined` if there is no such parameter, or more than one.
 */
export function queryParameter(query: string, name: string): string | undefined {
  let found: string | undefined;
  for (const [key, value] of new URLSearchParams(query)) {
    if (encodeFormPart(key) !== name) continue;
    if (found !== undefined) return undefined;
    found = encodeFormPart(value);
  }
  return found;
}

/**
 * Encodes as forms are, with `%20` for a space.
 *
 * @see https://url.spec.whatwg.org/#application-x-www-form-urlencoded-percent-encode-set
 */
export function encodeFormPart(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
