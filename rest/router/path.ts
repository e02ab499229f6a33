/**
 * One canonical form of a request's path, made once, before anything looks at it.
 *
 * `Deno.serve` passes on the target as the client wrote it. A router that matches `/a/%2e%2e/b` while an
 * authorization check reads `/b` is a way around the check, so both read the canonical path and nothing
 * else.
 *
 * @module
 */

const SLASH = 47;
const DOT = 46;
const PERCENT = 37;
const QUESTION = 63;
const HASH = 35;
const BACKSLASH = 92;
const DELETE = 127;

/**
 * The canonical path of a URL: no query, no empty or dot segments, no trailing slash, percent-escapes
 * decoded. Only `%2F` and `%25` stay escaped, so that a segment's own slash never splits it.
 *
 * @returns The path, which begins with `/`, or `undefined` if it is malformed: a bad escape, bytes that
 * are not UTF-8, a control character or a backslash. Answer that with 400.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(canonicalPath("http://host/a//b/../c%20d/?x=1"), "/a/c d");
 * assertEquals(canonicalPath("http://host/a%2Fb"), "/a%2Fb");
 * assertEquals(canonicalPath("http://host/%zz"), undefined);
 * ```
 */
export function canonicalPath(url: string): string | undefined {
  const start = pathStart(url);
  if (start < 0) return "/";
  let end = url.length;
  // One pass decides: nearly every path is canonical already and is sliced as it is.
  let previous = 0;
  for (let at = start; at < end; at++) {
    const char = url.charCodeAt(at);
    if (char === QUESTION || char === HASH) {
      end = at;
      break;
    }
    if (char === PERCENT || char === BACKSLASH || char < 32 || char >= DELETE) {
      return rewrite(url.slice(start, pathEnd(url, start)));
    }
    if (previous === SLASH && (char === SLASH || char === DOT)) {
      return rewrite(url.slice(start, pathEnd(url, start)));
    }
    previous = char;
  }
  if (previous === SLASH && end > start + 1) end--;
  return url.slice(start, end);
}

/** Index of the slash that begins the path, or -1 if the URL has none. */
function pathStart(url: string): number {
  // "http://" and "https://" cover every request over TCP; a unix socket has another scheme.
  if (url.charCodeAt(4) === 58) return url.indexOf("/", 7);
  if (url.charCodeAt(5) === 58) return url.indexOf("/", 8);
  return url.indexOf("/", url.indexOf("://") + 3);
}

function pathEnd(url: string, start: number): number {
  for (let at = start; at < url.length; at++) {
    const char = url.charCodeAt(at);
    if (char === QUESTION || char === HASH) return at;
  }
  return url.length;
}

function rewrite(path: string): string | undefined {
  const segments: string[] = [];
  for (const raw of path.split("/")) {
    const segment = decodeSegment(raw);
    if (segment === undefined) return undefined;
    if (segment === "" || segment === ".") continue;
    if (segment === "..") segments.pop();
    else segments.push(segment);
  }
  return "/" + segments.join("/");
}

/** Decodes all escapes but those of `/` and `%`, or `undefined` if the segment is malformed. */
function decodeSegment(raw: string): string | undefined {
  let decoded = raw;
  if (raw.includes("%")) {
    try {
      decoded = decodeURIComponent(raw.replace(/%(?=2[Ff]|25)/g, "%25")).replace(/%2f/g, "%2F");
    } catch {
      return undefined;
    }
  }
  for (let at = 0; at < decoded.length; at++) {
    const char = decoded.charCodeAt(at);
    if (char < 32 || char === DELETE || char === BACKSLASH) return undefined;
  }
  return decoded;
}

/** The value that a segment of a canonical path stands for. */
export function segmentValue(segment: string): string {
  return segment.includes("%") ? segment.replace(/%2F/g, "/").replace(/%25/g, "%") : segment;
}

/**
 * Joins a group's prefix and a route's path into one canonical pattern.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(joinPattern("v1/", "/users/:id"), "/v1/users/:id");
 * ```
 */
export function joinPattern(prefix: string, path: string): string {
  const segments: string[] = [];
  for (const segment of `${prefix}/${path}`.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") segments.pop();
    else segments.push(segment);
  }
  return "/" + segments.join("/");
}
