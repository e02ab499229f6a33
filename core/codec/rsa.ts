/**
 * RSA encryption of short data.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import {
  constants,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
} from "node:crypto";
import { decodeBase64 } from "./base64.ts";
import { CodecError } from "./errors.ts";

/**
 * How data is padded: `oaep` is OAEP with SHA-256; `pkcs1` is PKCS #1 v1.5, only for old peers, since errors
 * of its decryption help an attacker decrypt.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8017#section-7
 */
export type RsaPadding = "oaep" | "pkcs1";

/** Options for {@link RsaEncrypter} and {@link RsaDecrypter}. */
export interface RsaOptions {
  /** Padding; both ends use the same. @default {"oaep"} */
  padding?: RsaPadding;
}

const PADDINGS = {
  // Two hashes of 32 bytes and two bytes more.
  oaep: {
    overhead: 66,
    options: { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" },
  },
  pkcs1: { overhead: 11, options: { padding: constants.RSA_PKCS1_PADDING } },
} as const;

/**
 * Encrypts with a public key. Data longer than the key has room for is cut into pieces that are encrypted one
 * by one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { generateKeyPairSync } from "node:crypto";
 * const { publicKey, privateKey } = generateKeyPairSync("rsa", {
 *   modulusLength: 2048,
 *   publicKeyEncoding: { type: "spki", format: "pem" },
 *   privateKeyEncoding: { type: "pkcs1", format: "pem" },
 * });
 * const secret = new RsaEncrypter(publicKey).encrypt(new TextEncoder().encode("hello"));
 * assertEquals(new TextDecoder().decode(new RsaDecrypter(privateKey).decrypt(secret)), "hello");
 * ```
 */
export class RsaEncrypter {
  readonly #key: KeyObject;
  readonly #padding: RsaPadding;
  readonly #pieceSize: number;

  /**
   * Makes one of a public key in PEM (`BEGIN PUBLIC KEY`).
   *
   * @throws {CodecError} If there is no such key, it is not RSA, or it is too short for the padding.
   */
  constructor(publicKeyPem: string, options: RsaOptions = {}) {
    const { padding = "oaep" } = options;
    this.#key = readKey(publicKeyPem, "public", createPublicKey);
    this.#padding = padding;
    this.#pieceSize = modulusBytes(this.#key) - PADDINGS[padding].overhead;
    if (this.#pieceSize < 1) {
      throw new CodecError(`Cannot use RSA key: it is too short for ${padding} padding`);
    }
  }

  /** Encrypts; nothing stays nothing. */
  encrypt(data: Uint8Array): Uint8Array {
    const settings = { key: this.#key, ...PADDINGS[this.#padding].options };
    return mapPieces(data, this.#pieceSize, (piece) => publicEncrypt(settings, piece));
  }

  /** {@link encrypt}, in padded base64. */
  encryptBase64(data: Uint8Array): string {
    return this.encrypt(data).toBase64();
  }
}

/** Decrypts with a private key what {@link RsaEncrypter} encrypted. */
export class RsaDecrypter {
  readonly #key: KeyObject;
  readonly #padding: RsaPadding;
  readonly #pieceSize: number;

  /**
   * Makes one of a private key in PEM (`BEGIN RSA PRIVATE KEY` or `BEGIN PRIVATE KEY`).
   *
   * @throws {CodecError} If there is no such key, or it is not RSA.
   */
  constructor(privateKeyPem: string, options: RsaOptions = {}) {
    this.#key = readKey(privateKeyPem, "private", createPrivateKey);
    this.#padding = options.padding ?? "oaep";
    this.#pieceSize = modulusBytes(this.#key);
  }

  /**
   * Decrypts; nothing stays nothing.
   *
   * @throws {CodecError} If the data was not encrypted for this key and padding.
   */
  decrypt(data: Uint8Array): Uint8Array {
    const settings = { key: this.#key, ...PADDINGS[this.#padding].options };
    try {
      return mapPieces(data, this.#pieceSize, (piece) => privateDecrypt(settings, piece));
    } catch (cause) {
      throw new CodecError("Cannot decrypt: the data is not for this key", { cause });
    }
  }

  /** {@link decrypt} of padded base64. */
  decryptBase64(data: string): Uint8Array {
    return this.decrypt(decodeBase64(data));
  }
}

function readKey(pem: string, kind: string, read: (pem: string) => KeyObject): KeyObject {
  let key: KeyObject;
  try {
    key = read(pem);
  } catch (cause) {
    throw new CodecError(`Cannot read RSA ${kind} key: it is no ${kind} key in PEM`, { cause });
  }
  if (key.asymmetricKeyType !== "rsa") {
    throw new CodecError(`Cannot read RSA ${kind} key: it is ${key.asymmetricKeyType}, not RSA`);
  }
  return key;
}

function modulusBytes(key: KeyObject): number {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits > 0 && bits % 8 === 0) return bits / 8;
  throw new CodecError(`Cannot use RSA key: need a modulus of whole bytes, got ${bits} bits`);
}

function mapPieces(
  data: Uint8Array,
  size: number,
  map: (piece: Uint8Array) => Uint8Array,
): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < data.length; at += size) pieces.push(map(data.subarray(at, at + size)));
  return new Uint8Array(Buffer.concat(pieces));
}
