/**
 * Bytes as base64 text.
 *
 * @module
 */

/** Bytes as base64 of the standard alphabet, with padding. */
export function bytesToBase64(bytes: Uint8Array): string {
  return bytes.toBase64();
}

/**
 * Bytes of base64 text: of the standard alphabet or of that for URLs, with padding or without.
 *
 * @throws {SyntaxError} If the text is neither.
 */
export function base64ToBytes(text: string): Uint8Array {
  const digits = text.replace(/={1,2}$/, "").replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.fromBase64(digits);
}
