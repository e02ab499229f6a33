/**
 * Encryption, signatures and compression, as far as the web platform lacks them or has them without a bound:
 * AES-GCM, AES-ECB for old clients, HMAC and digests at once, RSA, Diffie-Hellman, gzip that cannot fill the
 * memory.
 *
 * @example Sign, compress, encrypt
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { AesGcm, gunzip, gzip, hmacSha256Base64 } from "@zeno/zeno/core/codec";
 *
 * assertEquals(hmacSha256Base64("foo", "bar").length, 44);
 * const aes = await AesGcm.import(crypto.getRandomValues(new Uint8Array(32)));
 * const secret = await aes.encrypt(await gzip(new TextEncoder().encode("hello".repeat(100))));
 * const text = await gunzip(await aes.decrypt(secret), { maxBytes: 1_000 });
 * assertEquals(text.length, 500);
 * ```
 *
 * @module
 */

export {
  legacyAesEcbDecrypt,
  legacyAesEcbDecryptBase64,
  legacyAesEcbEncrypt,
  legacyAesEcbEncryptBase64,
} from "./aes_ecb.ts";
export { AesGcm, type AesGcmOptions } from "./aes_gcm.ts";
export { decodeBase64 } from "./base64.ts";
export {
  computeDiffieHellmanSecret,
  type DiffieHellmanKeyPair,
  diffieHellmanPublicKey,
  generateDiffieHellmanKeys,
} from "./diffie_hellman.ts";
export { md5, md5Hex, sha256Hex } from "./digest.ts";
export { CodecError } from "./errors.ts";
export { gunzip, type GunzipOptions, gunzipStream, gzip } from "./gzip.ts";
export { hmacSha256, hmacSha256Base64, verifyHmacSha256 } from "./hmac.ts";
export { RsaDecrypter, RsaEncrypter, type RsaOptions, type RsaPadding } from "./rsa.ts";
