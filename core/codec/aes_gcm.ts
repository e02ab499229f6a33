/**
 * AES in Galois/counter mode: what is changed does not decrypt.
 *
 * @module
 */

import { CodecError } from "./errors.ts";

/** Bytes of the nonce, as NIST SP 800-38D, 8.2.2 recommends, and of the tag. */
const NONCE_SIZE = 12;
const TAG_SIZE = 16;

/** Options for {@link AesGcm.encrypt} and {@link AesGcm.decrypt}. */
export interface AesGcmOptions {
  /** Data that is not encrypted but must be the same at both ends, such as the id of a user. */
  additionalData?: Uint8Array<ArrayBuffer>;
}

/**
 * Encrypts and authenticates with one key. Each message gets a random nonce, so a key is good for some four
 * billion messages.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const aes = await AesGcm.import(crypto.getRandomValues(new Uint8Array(32)));
 * const secret = await aes.encrypt(new TextEncoder().encode("hello"));
 * assertEquals(new TextDecoder().decode(await aes.decrypt(secret)), "hello");
 * ```
 */
export class AesGcm {
  readonly #key: CryptoKey;

  private constructor(key: CryptoKey) {
    this.#key = key;
  }

  /**
   * Makes one of a key of 16, 24 or 32 random bytes; a password is no key.
   *
   * @throws {RangeError} If the key has another length.
   */
  static async import(key: Uint8Array<ArrayBuffer>): Promise<AesGcm> {
    if (![16, 24, 32].includes(key.length)) {
      throw new RangeError(`Cannot use AES key: need 16, 24 or 32 bytes, got ${key.length}`);
    }
    const usages: KeyUsage[] = ["encrypt", "decrypt"];
    return new AesGcm(await crypto.subtle.importKey("raw", key, "AES-GCM", false, usages));
  }

  /** Encrypts; the answer is the nonce, the encrypted bytes and the tag, 28 bytes more than `data`. */
  async encrypt(
    data: Uint8Array<ArrayBuffer>,
    options: AesGcmOptions = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_SIZE));
    const encrypted = await crypto.subtle.encrypt(parameters(nonce, options), this.#key, data);
    const message = new Uint8Array(NONCE_SIZE + encrypted.byteLength);
    message.set(nonce);
    message.set(new Uint8Array(encrypted), NONCE_SIZE);
    return message;
  }

  /**
   * Decrypts what {@link encrypt} made.
   *
   * @throws {CodecError} If it was changed, or made with another key or other `additionalData`.
   */
  async decrypt(
    message: Uint8Array<ArrayBuffer>,
    options: AesGcmOptions = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    if (message.length < NONCE_SIZE + TAG_SIZE) {
      throw new CodecError("Cannot decrypt: the message is too short");
    }
    const nonce = message.subarray(0, NONCE_SIZE);
    const encrypted = message.subarray(NONCE_SIZE);
    try {
      const data = await crypto.subtle.decrypt(parameters(nonce, options), this.#key, encrypted);
      return new Uint8Array(data);
    } catch (cause) {
      throw new CodecError("Cannot decrypt: the message is not authentic", { cause });
    }
  }
}

function parameters(
  nonce: Uint8Array<ArrayBuffer>,
  { additionalData }: AesGcmOptions,
): AesGcmParams {
  return {
    name: "AES-GCM",
    iv: nonce,
    tagLength: TAG_SIZE * 8,
    ...additionalData && { additionalData },
  };
}
