/**
 * JSON Web Tokens signed with a shared secret.
 *
 * The signature is checked with the synchronous HMAC of the runtime: WebCrypto hops to a thread pool for every
 * call, which takes five times as long.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7519
 * @module
 */

import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";
import { checkClaims, checkRules, type ClaimRules, type Claims, refused } from "./claims.ts";
import { decodePart, encodePart, splitToken } from "./compact.ts";
import type { TokenVerifier } from "./verifier.ts";

/** The algorithms of a shared secret. No other is ever accepted with one, whatever a token says. */
export type HmacAlgorithm = "HS256" | "HS384" | "HS512";

const HASHES: Readonly<Record<HmacAlgorithm, string>> = {
  HS256: "sha256",
  HS384: "sha384",
  HS512: "sha512",
};
const ALGORITHMS = Object.keys(HASHES) as readonly HmacAlgorithm[];

const MIN_SECRET_LENGTH = 8;

/** The secrets that tokens are signed with, and the rules they are held to. */
export interface HmacVerifierOptions extends ClaimRules {
  /** The secret that tokens are signed with. At least 8 characters; 32 random bytes are better. */
  secret: string;
  /** The secret before that, while tokens signed with it are still around. */
  previousSecret?: string | undefined;
  /** Algorithms that are accepted. @default {["HS256", "HS384", "HS512"]} */
  algorithms?: readonly HmacAlgorithm[] | undefined;
}

/** Options for {@link verifyToken}. */
export interface VerifyOptions extends HmacVerifierOptions {
  /** Now, in milliseconds since the Unix epoch. */
  nowMs: number;
}

/** Throws unless `secret` can sign tokens. A public key, which everyone may have, is no secret. */
export function checkSecret(secret: string): void {
  if (secret.includes("-----BEGIN ")) {
    throw new TypeError("Cannot use secret: it is a key in PEM; see rest/jwt/jose for public keys");
  }
  if (secret.length < MIN_SECRET_LENGTH) {
    throw new RangeError(
      `Cannot use secret: it must have at least ${MIN_SECRET_LENGTH} characters, got ${secret.length}`,
    );
  }
}

/**
 * Makes a verifier for a shared secret and, while secrets are being changed, the one before. Of two secrets the one
 * that fitted last is tried first. An empty `previousSecret` is none.
 *
 * @throws {TypeError} If a secret is a key in PEM.
 * @throws {RangeError} If a secret is too short or a rule cannot be kept.
 */
export function hmacVerifier(options: HmacVerifierOptions): TokenVerifier {
  const { secret, previousSecret, algorithms = ALGORITHMS } = options;
  const secrets = [secret, ...(previousSecret ? [previousSecret] : [])];
  secrets.forEach(checkSecret);
  checkRules(options);
  return {
    verify(token, nowMs) {
      const { header, signed, signature, payload } = splitToken(token, options);
      const algorithm = algorithms.find((it) => it === header.alg);
      if (!algorithm) throw refused("its algorithm is not accepted");
      const at = secrets.findIndex((it) => fits(signed, signature, it, algorithm));
      if (at < 0) throw refused("its signature does not match");
      if (at > 0) secrets.unshift(...secrets.splice(at, 1));
      const claims = decodePart(payload);
      checkClaims(claims, options, nowMs);
      return claims;
    },
  };
}

/**
 * Checks a token and answers its claims.
 *
 * The signature is compared in constant time. `exp`, `nbf` and `iat` are checked where they are present; one that
 * is not a number fails.
 *
 * @throws {UnauthorizedError} Saying what is wrong, and nothing of the token.
 * @throws {RangeError} If a secret is too short.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const secret = "correct horse battery staple";
 * const token = signToken({ userId: 42 }, secret);
 * assertEquals(verifyToken(token, { secret, nowMs: 0 }).userId, 42);
 * ```
 */
export function verifyToken(token: string, options: VerifyOptions): Claims {
  // The verifier for secrets never waits.
  return hmacVerifier(options).verify(token, options.nowMs) as Claims;
}

/**
 * Makes a token.
 *
 * @param claims What it says. Give it an `exp`, in seconds since the Unix epoch.
 * @throws {RangeError} If the secret is too short.
 */
export function signToken(
  claims: Claims,
  secret: string,
  algorithm: HmacAlgorithm = "HS256",
): string {
  checkSecret(secret);
  const head = encodePart({ alg: algorithm, typ: "JWT" });
  const signed = `${head}.${encodePart(claims)}`;
  return `${signed}.${hmac(signed, secret, algorithm).toString("base64url")}`;
}

function fits(text: string, signature: string, secret: string, algorithm: HmacAlgorithm): boolean {
  const given = Buffer.from(signature, "base64url");
  // Another spelling of the same bytes would make one token two.
  if (given.toString("base64url") !== signature) return false;
  const expected = hmac(text, secret, algorithm);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function hmac(text: string, secret: string, algorithm: HmacAlgorithm): Buffer {
  return createHmac(HASHES[algorithm], secret).update(text).digest();
}
