/**
 * What proxies say of those they ask for.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7239
 * @module
 */

/** Longer headers are not looked at. */
const MAX_LENGTH = 8 * 1024;
const NOTHING: readonly string[] = [];

const PAIR =
  /[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:([!#$%&'*+.^_`|~0-9A-Za-z-]+)|"((?:[^"\\]|\\.)*)")[ \t]*/y;

/**
 * The nodes of a `Forwarded` header, from the client to the last proxy: the value of `for` of each element, empty where an
 * element has none. A header that is malformed has none at all.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const header = 'for=192.0.2.43, for="[2001:db8::17]:4711";proto=https, by=203.0.113.1';
 * assertEquals(parseForwarded(header), ["192.0.2.43", "[2001:db8::17]:4711", ""]);
 * ```
 */
export function parseForwarded(header: string): readonly string[] {
  if (header.length > MAX_LENGTH) return NOTHING;
  const nodes: string[] = [];
  let node = "";
  for (let at = 0; at <= header.length;) {
    PAIR.lastIndex = at;
    const pair = PAIR.exec(header);
    if (pair) {
      at += pair[0].length;
      const [, name = "", token, text = ""] = pair;
      if (name.toLowerCase() === "for") {
        if (node !== "") return NOTHING;
        node = token ?? text.replace(/\\(.)/g, "$1");
      }
    } else if (header[at] !== ";" && header[at] !== ",") {
      // Between two commas, and at the end, there may be nothing but spaces.
      while (header[at] === " " || header[at] === "\t") at++;
    }
    const next = header[at++];
    if (next === "," || next === undefined) {
      nodes.push(node);
      node = "";
    } else if (next !== ";") {
      return NOTHING;
    }
  }
  return nodes;
}

/** The nodes of an `X-Forwarded-For` header, from the client to the last proxy. */
export function parseForwardedFor(header: string): readonly string[] {
  if (header.length > MAX_LENGTH) return NOTHING;
  return header.split(",").map((node) => node.trim());
}

/** The address of a node, without brackets and port. What hides its address (`unknown`, `_proxy`) is returned as it is. */
export function addressOfNode(node: string): string {
  const bracketed = /^\[([^\]]*)\](?::[^:]*)?$/.exec(node);
  if (bracketed) return bracketed[1]!;
  const colon = node.indexOf(":");
  // More than one colon and no bracket: version 6, as `X-Forwarded-For` has it.
  return colon >= 0 && colon === node.lastIndexOf(":") ? node.slice(0, colon) : node;
}
