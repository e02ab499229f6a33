const encoder = new TextEncoder();
let scratch = new Uint8Array(0);

/**
 * Cuts `text` to at most `maxBytes` bytes of UTF-8, between two characters.
 *
 * @param maxBytes An integer >= 0; 0 means no limit.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(truncateText("ab中文", 5), "ab中");
 * ```
 */
export function truncateText(text: string, maxBytes: number): string {
  // A UTF-16 unit takes one to three bytes, so most texts need no counting.
  if (maxBytes <= 0 || text.length * 3 <= maxBytes) return text;
  const capacity = Math.min(maxBytes, text.length * 3);
  if (scratch.length < capacity) scratch = new Uint8Array(capacity);
  const { read } = encoder.encodeInto(text, scratch.subarray(0, capacity));
  return read < text.length ? text.slice(0, read) : text;
}
