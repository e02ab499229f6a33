/**
 * Digests at once rather than by promise, and MD5, which the web platform lacks.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** The SHA-256 of bytes, or of text as UTF-8, in 64 lower-case hexadecimal digits. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** The MD5 of bytes, or of text as UTF-8: 16 bytes. No protection against anyone; for keys of old systems. */
export function md5(data: string | Uint8Array): Uint8Array {
  return new Uint8Array(createHash("md5").update(data).digest());
}

/**
 * {@link md5} in 32 lower-case hexadecimal digits.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(md5Hex("test"), "098f6bcd4621d373cade4e832627b4f6");
 * ```
 */
export function md5Hex(data: string | Uint8Array): string {
  return createHash("md5").update(data).digest("hex");
}
