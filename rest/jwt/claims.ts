/**
 * What a token says, and the rules it is held to.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-4.1
 * @module
 */

import { UnauthorizedError } from "../errors.ts";

/**
 * What a token says. An integer that a number would round, such as an id of 64 bits, is a `bigint`.
 */
export type Claims = Readonly<Record<string, unknown>>;

/** What the claims of a token are held to, whatever it is signed with. */
export interface ClaimRules {
  /** How far clocks may be apart, in seconds, 0 to 60. @default {0} */
  leewaySeconds?: number | undefined;
  /** Issuers that are accepted, as the claim `iss`. @default {any, or none} */
  issuer?: string | readonly string[] | undefined;
  /** Who this service is: the claim `aud` must name one of them. @default {anyone} */
  audience?: string | readonly string[] | undefined;
  /** Claims that must be there, such as `["exp"]`. @default {[]} */
  requiredClaims?: readonly string[] | undefined;
  /**
   * The type that the header must name, such as `at+jwt`, so that a token made for another purpose is not taken for
   * one of these. @default {any, or none}
   */
  type?: string | undefined;
  /** Longest token in characters; a longer one is refused unread. An integer >= 1. @default {16384} */
  maxLength?: number | undefined;
}

const MAX_LEEWAY_SECONDS = 60;

/** Throws unless the rules can be kept. */
export function checkRules({ leewaySeconds = 0, maxLength = 1 }: ClaimRules): void {
  if (!(leewaySeconds >= 0 && leewaySeconds <= MAX_LEEWAY_SECONDS)) {
    throw new RangeError(
      `Cannot authorize: need leewaySeconds from 0 to ${MAX_LEEWAY_SECONDS}, got ${leewaySeconds}`,
    );
  }
  if (!(Number.isInteger(maxLength) && maxLength >= 1)) {
    throw new RangeError(`Cannot authorize: need an integer maxLength >= 1, got ${maxLength}`);
  }
}

/** Holds the claims of a token whose signature is good to the rules. Throws what {@link refused} makes. */
export function checkClaims(claims: Claims, rules: ClaimRules, nowMs: number): void {
  checkTimes(claims, nowMs / 1000, rules.leewaySeconds ?? 0);
  const missing = rules.requiredClaims?.find((name) => !Object.hasOwn(claims, name));
  if (missing !== undefined) throw refused(`it has no ${missing}`);
  if (rules.issuer !== undefined && !listOf(rules.issuer).includes(claims.iss as string)) {
    throw refused("its issuer is not accepted");
  }
  if (rules.audience !== undefined) {
    const named: readonly unknown[] = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
    if (!listOf(rules.audience).some((name) => named.includes(name))) {
      throw refused("it is for another audience");
    }
  }
}

/** The error for a token. `why` says what is wrong with it, and nothing of what it holds. */
export function refused(why: string): UnauthorizedError {
  return new UnauthorizedError(`Cannot accept token: ${why}`, 'Bearer error="invalid_token"');
}

function checkTimes({ exp, nbf, iat }: Claims, now: number, leeway: number): void {
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

function listOf(names: string | readonly string[]): readonly string[] {
  return typeof names === "string" ? [names] : names;
}
