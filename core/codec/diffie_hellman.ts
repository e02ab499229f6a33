/**
 * Diffie-Hellman over the 2048-bit group of RFC 3526, for peers that use it. Where both ends are yours, X25519
 * by `crypto.subtle` is faster and its keys are shorter.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3526#section-3
 * @module
 */

import { createDiffieHellman, getDiffieHellman } from "node:crypto";
import { CodecError } from "./errors.ts";

const KEY_SIZE = 256;
const GENERATOR = 2;
const PRIME: Uint8Array = getDiffieHellman("modp14").getPrime();

/** A pair of keys, each 256 bytes, most significant first. */
export interface DiffieHellmanKeyPair {
  /** What is sent to the other end. */
  readonly publicKey: Uint8Array;
  /** What stays here. */
  readonly privateKey: Uint8Array;
}

/**
 * Makes a pair of keys.
 *
 * @example Two ends agree on a secret
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const [a, b] = [generateDiffieHellmanKeys(), generateDiffieHellmanKeys()];
 * assertEquals(
 *   computeDiffieHellmanSecret(a.publicKey, b.privateKey),
 *   computeDiffieHellmanSecret(b.publicKey, a.privateKey),
 * );
 * ```
 */
export function generateDiffieHellmanKeys(): DiffieHellmanKeyPair {
  const exchange = createDiffieHellman(PRIME, GENERATOR);
  exchange.generateKeys();
  return {
    publicKey: padded(exchange.getPublicKey()),
    privateKey: padded(exchange.getPrivateKey()),
  };
}

/** The public key, 256 bytes, that belongs to a private key of 1 to 256 bytes, most significant first. */
export function diffieHellmanPublicKey(privateKey: Uint8Array): Uint8Array {
  const exchange = exchangeWith(privateKey);
  exchange.generateKeys(); // Keeps the private key that is set.
  return padded(exchange.getPublicKey());
}

/**
 * The secret that both ends can compute, 256 bytes. It is no key yet: derive one, for example with HKDF.
 *
 * @param publicKey The other end's, most significant byte first.
 * @param privateKey One's own, 1 to 256 bytes.
 * @throws {CodecError} If the public key is not between 1 and the prime less 1.
 * @throws {RangeError} If the private key is empty, too long or 0.
 */
export function computeDiffieHellmanSecret(
  publicKey: Uint8Array,
  privateKey: Uint8Array,
): Uint8Array {
  const exchange = exchangeWith(privateKey);
  const significant = trimmed(publicKey);
  if (significant.length === 0 || !isBelowPrime(significant)) {
    throw new CodecError("Cannot compute secret: the public key is out of bounds");
  }
  return padded(exchange.computeSecret(significant));
}

function exchangeWith(privateKey: Uint8Array) {
  const significant = trimmed(privateKey);
  if (significant.length === 0 || significant.length > KEY_SIZE) {
    throw new RangeError(
      `Cannot use private key: need a number > 0 of at most ${KEY_SIZE} bytes, got ${significant.length} bytes`,
    );
  }
  const exchange = createDiffieHellman(PRIME, GENERATOR);
  exchange.setPrivateKey(significant);
  return exchange;
}

function isBelowPrime(value: Uint8Array): boolean {
  if (value.length !== KEY_SIZE) return value.length < KEY_SIZE;
  const at = value.findIndex((byte, i) => byte !== PRIME[i]);
  return at >= 0 && value[at]! < PRIME[at]!;
}

/** Without leading zeros. */
function trimmed(value: Uint8Array): Uint8Array {
  const first = value.findIndex((byte) => byte !== 0);
  return first < 0 ? value.subarray(value.length) : value.subarray(first);
}

function padded(value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(KEY_SIZE);
  bytes.set(value, KEY_SIZE - value.length);
  return bytes;
}
