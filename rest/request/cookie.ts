/**
 * The cookies of a request.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6265#section-5.4
 * @module
 */

/**
 * Parses a `Cookie` header. Of two cookies with one name the first wins, since user agents send the more
 * specific one first. Malformed pairs are skipped, and a value that does not decode stays as it is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseCookies("sid=31d4; lang=en%2DUS").get("lang"), "en-US");
 * ```
 */
export function parseCookies(header: string | null): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of header?.split(";") ?? []) {
    const equals = pair.indexOf("=");
    if (equals < 0) continue;
    const name = pair.slice(0, equals).trim();
    if (name === "" || cookies.has(name)) continue;
    cookies.set(name, decode(pair.slice(equals + 1).trim()));
  }
  return cookies;
}

function decode(value: string): string {
  const bare = value.startsWith('"') && value.endsWith('"') && value.length > 1
    ? value.slice(1, -1)
    : value;
  if (!bare.includes("%")) return bare;
  try {
    return decodeURIComponent(bare);
  } catch {
    return bare;
  }
}
