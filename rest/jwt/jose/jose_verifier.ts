/**
 * Checking and making tokens of public keys.
 *
 * @module
 */

import { checkClaims, checkRules, type ClaimRules, type Claims, refused } from "../claims.ts";
import { decodePart, encodePart, splitToken } from "../compact.ts";
import type { TokenVerifier } from "../verifier.ts";
import { PUBLIC_KEY_ALGORITHMS, type PublicKeyAlgorithm } from "./algorithm.ts";
import { importPrivatePem, isSignedWith, signPayload } from "./driver.ts";
import type { KeySource } from "./key_source.ts";

/** Options for {@link joseVerifier}. */
export interface JoseVerifierOptions extends ClaimRules {
  /** The keys. */
  keys: KeySource;
  /** Algorithms that are accepted, each only with keys of its kind. @default {all of public keys} */
  algorithms?: readonly PublicKeyAlgorithm[] | undefined;
}

/**
 * Makes a verifier for tokens of public keys, for `authorize`.
 *
 * The token's header is asked for two things, its algorithm and the name of its key, and both only choose among what is
 * configured here. A key is used only with algorithms of its own kind.
 *
 * @throws {RangeError} If a rule cannot be kept.
 * @throws {TypeError} If an algorithm is none of public keys.
 */
export function joseVerifier(options: JoseVerifierOptions): TokenVerifier {
  const { keys, algorithms = PUBLIC_KEY_ALGORITHMS } = options;
  checkRules(options);
  const stranger = algorithms.find((it) => !PUBLIC_KEY_ALGORITHMS.includes(it));
  if (stranger !== undefined || algorithms.length === 0) {
    throw new TypeError(`Cannot make verifier: need algorithms of public keys, got ${stranger}`);
  }
  return {
    async verify(token, nowMs) {
      const { header, payload } = splitToken(token, options);
      const algorithm = algorithms.find((it) => it === header.alg);
      if (!algorithm) throw refused("its algorithm is not accepted");
      const candidates = await keys.find(algorithm, header.kid);
      if (candidates.length === 0) throw refused("its key is not known");
      if (!await isSignedWithAny(token, candidates, algorithm)) {
        throw refused("its signature does not match");
      }
      const claims = decodePart(payload);
      checkClaims(claims, options, nowMs);
      return claims;
    },
  };
}

/** Options for {@link signWithKey}. */
export interface SignWithKeyOptions {
  /** The private key in PEM (`BEGIN PRIVATE KEY`). */
  privateKeyPem: string;
  /** The algorithm. */
  algorithm: PublicKeyAlgorithm;
  /** The name of the key, for the header. @default {not named} */
  keyId?: string | undefined;
  /** The type, for the header. @default {"JWT"} */
  type?: string;
}

/**
 * Makes a token with a private key. Give it an `exp`, in seconds since the Unix epoch.
 *
 * @throws {TypeError} If the key cannot be read. Rejects with it.
 */
export async function signWithKey(claims: Claims, options: SignWithKeyOptions): Promise<string> {
  const { privateKeyPem, algorithm, keyId, type = "JWT" } = options;
  let key: CryptoKey;
  try {
    key = await importPrivatePem(privateKeyPem, algorithm);
  } catch {
    // The cause may quote the key.
    throw new TypeError(
      `Cannot read key: it is no private key (BEGIN PRIVATE KEY) in PEM for ${algorithm}`,
    );
  }
  const payload = Uint8Array.fromBase64(encodePart(claims), { alphabet: "base64url" });
  const header = { alg: algorithm, typ: type, ...keyId !== undefined && { kid: keyId } };
  return signPayload(payload, key, header);
}

async function isSignedWithAny(
  token: string,
  keys: readonly CryptoKey[],
  algorithm: PublicKeyAlgorithm,
): Promise<boolean> {
  for (const key of keys) if (await isSignedWith(token, key, algorithm)) return true;
  return false;
}
