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
import { UnauthorizedError } from "../errors.ts";

/** The algorithms of a shared secret. No other is ever accepted with one, whatever a token says. */
export type HmacAlgorithm = "HS256" | "HS384" | "HS512";

/** What a token says. */
export type Claims = Readonly<Record<string, unknown>>;

const HASHES: Readonly<Record<HmacAlgorithm, string>> = {
  HS256: "sha256",
  HS384: "sha384",
  HS512: "sha512",
};

/** Tokens longer than this are refused unread. */
const MAX_TOKEN_LENGTH = 16 * 1024;
const MIN_SECRET_LENGTH = 8;

/** Options for {@link verifyToken}. */
export interface VerifyOptions {
  /** The secret that tokens are signed with. At least 8 characters; 32 random bytes are better. */
  secret: string;
  /** The secret before that, while tokens signed with it are still around. */
  previousSecret?: string | undefined;
  /** Algorithms that are accepted. @default {["HS256", "HS384", "HS512"]} */
  algorithms?: readonly HmacAlgorithm[] | undefined;
  /** Now, in milliseconds since the Unix epoch. */
  nowMs: number;
  /** How far clocks may be apart, in seconds, 0 to 60. @default {0} */
  leewaySeconds?: number | undefined;
}

/** Throws unless `secret` can sign tokens. */
export function checkSecret(secret: string): void {
  if (secret.length < MIN_SECRET_LENGTH) {
    throw new RangeError(
      `Cannot use secret: it must have at least ${MIN_SECRET_LENGTH} characters, got ${secret.length}`,
    );
  }
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
  checkSecret(options.secret);
  const parts = token.length <= MAX_TOKEN_LENGTH ? token.split(".") : [];
  if (parts.length !== 3) throw refused("it does not have three parts");
  const [head, body, signature] = parts as [string, string, string];
  const algorithm = algorithmOf(parsePart(head), options.algorithms);
  if (!isSigned(`${head}.${body}`, signature, algorithm, options)) {
    throw refused("its signature does not match");
  }
  const claims = parsePart(body);
  checkTimes(claims, options.nowMs / 1000, options.leewaySeconds ?? 0);
  return claims;
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

function algorithmOf(
  header: Claims,
  allowed: readonly HmacAlgorithm[] = ["HS256", "HS384", "HS512"],
): HmacAlgorithm {
  if (header.crit !== undefined) throw refused("it asks for an extension that is not known");
  const algorithm = allowed.find((it) => it === header.alg);
  if (!algorithm) throw refused("its algorithm is not accepted");
  return algorithm;
}

function isSigned(
  text: string,
  signature: string,
  algorithm: HmacAlgorithm,
  { secret, previousSecret }: VerifyOptions,
): boolean {
  const given = Buffer.from(signature, "base64url");
  // Another spelling of the same bytes would make one token two.
  if (given.toString("base64url") !== signature) return false;
  return [secret, previousSecret].some((key) => {
    if (key === undefined || key === "") return false;
    const expected = hmac(text, key, algorithm);
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
}

function hmac(text: string, secret: string, algorithm: HmacAlgorithm): Buffer {
  return createHmac(HASHES[algorithm], secret).update(text).digest();
}

function encodePart(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function parsePart(part: string): Claims {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Claims;
    }
  } catch {
    // Said below.
  }
  throw refused("it is malformed");
}

function checkTimes(claims: Claims, now: number, leeway: number): void {
  const { exp, nbf, iat } = claims;
  if (exp !== undefined && !(typeof exp === "number" && now < exp + leeway)) {
    throw refused("it is expired");
  }
  if (iat !== undefined && !(typeof iat === "number" && now >= iat - leeway)) {
    throw refused("it was issued in the future");
  }
  if (nbf !== undefined && !(typeof nbf === "number" && now >= nbf - leeway)) {
    throw refused("it is not valid yet");
  }
}

function refused(why: string): UnauthorizedError {
  return new UnauthorizedError(`Cannot accept token: ${why}`, 'Bearer error="invalid_token"');
}
