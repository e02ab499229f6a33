/**
 * Which media types shrink.
 *
 * @module
 */

const SHRINKS = new Set([
  "application/json",
  "application/javascript",
  "application/manifest+json",
  "application/x-javascript",
  "application/xml",
  "application/wasm",
  "application/yaml",
  "application/toml",
  "application/graphql",
  "application/sql",
  "application/rtf",
  "application/vnd.ms-fontobject",
  "font/otf",
  "font/ttf",
  "image/bmp",
  "image/svg+xml",
  "image/x-icon",
]);

/** Types whose reader waits for each piece, which a compressor would hold back. */
const LIVE = new Set(["text/event-stream", "application/x-ndjson"]);

/**
 * Whether content of a media type is worth compressing: text is, pictures and archives are compressed already.
 *
 * @param type In lower case, without parameters.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const types = ["text/html", "application/problem+json", "image/png", "text/event-stream"];
 * assertEquals(types.map(isCompressible), [true, true, false, false]);
 * ```
 */
export function isCompressible(type: string): boolean {
  if (LIVE.has(type)) return false;
  return type.startsWith("text/") || type.endsWith("+json") || type.endsWith("+xml") ||
    SHRINKS.has(type);
}
