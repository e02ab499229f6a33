/**
 * HMAC-SHA-256, at once rather than by promise.
 *
 * @module
 */

import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * The HMAC-SHA-256 of `data`, 32 bytes. Texts are taken as UTF-8; the key may be empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(hmacSha256("foo", "bar").toBase64(), "+TILrwJJFp5zhQzWFW3tAQbiu2rYyrAbe7vr5tEGUxc=");
 * ```
 */
export function hmacSha256(key: string | Uint8Array, data: string | Uint8Array): Uint8Array {
  return new Uint8Array(createHmac("sha256", key).update(data).digest());
}

/** {@link hmacSha256} in padded base64. */
export function hmacSha256Base64(key: string | Uint8Array, data: string | Uint8Array): string {
  return hmacSha256(key, data).toBase64();
}

/** Whether `mac` is the {@link hmacSha256} of `data`, in a time that does not depend on where it differs. */
export function verifyHmacSha256(
  key: string | Uint8Array,
  data: string | Uint8Array,
  mac: Uint8Array,
): boolean {
  const expected = hmacSha256(key, data);
  return mac.length === expected.length && timingSafeEqual(mac, expected);
}
