/**
 * Lists of attributes: `key=value; key=value`.
 *
 * @module
 */

/**
 * Reads a list of attributes. Parts are trimmed; the first `=` divides; a part without one says nothing. Of two with one
 * name, which has a case, the last wins. Values are taken as they stand, quotes and all.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([...parseAttributes("a=b=c; d=; e")], [["a", "b=c"], ["d", ""]]);
 * ```
 */
export function parseAttributes(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const part of text.split(";")) {
    const trimmed = part.trim();
    const equals = trimmed.indexOf("=");
    if (equals >= 0) attributes.set(trimmed.slice(0, equals), trimmed.slice(equals + 1));
  }
  return attributes;
}

/** Writes a list of attributes, in the order of the members. */
export function formatAttributes(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes).map(([name, value]) => `${name}=${value}`).join("; ");
}
