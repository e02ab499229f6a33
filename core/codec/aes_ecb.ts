/**
 * AES in ECB mode, only to talk with clients that know nothing better.
 *
 * ECB shows which blocks are equal and protects no block from being changed or moved. New code uses
 * {@link AesGcm}.
 *
 * @module
 */

import { createCipheriv, createDecipheriv } from "node:crypto";
import { pad, unpad } from "./_pkcs7.ts";
import { decodeBase64 } from "./base64.ts";
import { CodecError } from "./errors.ts";

const BLOCK_SIZE = 16;
/** Longer key texts are base64. The longest AES key is as long. */
const MAX_RAW_KEY_LENGTH = 32;

/**
 * Encrypts with AES in ECB mode, with PKCS #7 padding.
 *
 * @deprecated Insecure: equal blocks stay equal. For old clients only; use {@link AesGcm}.
 * @param key 16, 24 or 32 bytes.
 * @throws {RangeError} If the key has another length.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const key = new TextEncoder().encode("0123456789abcdef");
 * const encrypted = legacyAesEcbEncrypt(key, new TextEncoder().encode("hello"));
 * assertEquals(encrypted.toHex(), "674c7ef38e78cabd9cec9c125823a639");
 * ```
 */
export function legacyAesEcbEncrypt(key: Uint8Array, data: Uint8Array): Uint8Array {
  const cipher = createCipheriv(algorithmFor(key), key, null);
  cipher.setAutoPadding(false);
  return join(cipher.update(pad(data, BLOCK_SIZE)), cipher.final());
}

/**
 * Decrypts what {@link legacyAesEcbEncrypt} encrypted.
 *
 * @deprecated Insecure: changed data goes unnoticed. For old clients only; use {@link AesGcm}.
 * @param key 16, 24 or 32 bytes.
 * @throws {RangeError} If the key has another length.
 * @throws {CodecError} If the data is not whole blocks, or the padding is wrong.
 */
export function legacyAesEcbDecrypt(key: Uint8Array, data: Uint8Array): Uint8Array {
  const algorithm = algorithmFor(key);
  if (data.length === 0 || data.length % BLOCK_SIZE !== 0) {
    throw new CodecError(
      `Cannot decrypt: need whole blocks of ${BLOCK_SIZE} bytes, got ${data.length} bytes`,
    );
  }
  const decipher = createDecipheriv(algorithm, key, null);
  decipher.setAutoPadding(false);
  return unpad(join(decipher.update(data), decipher.final()), BLOCK_SIZE);
}

/**
 * As {@link legacyAesEcbEncrypt}, with base64 in and out.
 *
 * @deprecated Insecure, as {@link legacyAesEcbEncrypt} is.
 * @param key Up to 32 characters are the key itself; a longer text is base64 of it.
 * @throws {RangeError} If the key is not one of 16, 24 or 32 bytes.
 * @throws {CodecError} If the data, or a long key, is no base64.
 */
export function legacyAesEcbEncryptBase64(key: string, data: string): string {
  return legacyAesEcbEncrypt(keyOf(key), decodeBase64(data)).toBase64();
}

/**
 * As {@link legacyAesEcbDecrypt}, with base64 in and out.
 *
 * @deprecated Insecure, as {@link legacyAesEcbDecrypt} is.
 * @param key Up to 32 characters are the key itself; a longer text is base64 of it.
 * @throws {RangeError} If the key is not one of 16, 24 or 32 bytes.
 * @throws {CodecError} If the data, or a long key, is no base64, or the data cannot be decrypted.
 */
export function legacyAesEcbDecryptBase64(key: string, data: string): string {
  return legacyAesEcbDecrypt(keyOf(key), decodeBase64(data)).toBase64();
}

function keyOf(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  return bytes.length <= MAX_RAW_KEY_LENGTH ? bytes : decodeBase64(text, "key");
}

function algorithmFor(key: Uint8Array): string {
  if (![16, 24, 32].includes(key.length)) {
    throw new RangeError(`Cannot use AES key: need 16, 24 or 32 bytes, got ${key.length}`);
  }
  return `aes-${key.length * 8}-ecb`;
}

function join(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const whole = new Uint8Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}
