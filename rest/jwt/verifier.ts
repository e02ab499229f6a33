/**
 * What checks tokens, whatever they are signed with.
 *
 * @module
 */

import type { Claims } from "./claims.ts";

/** Checks tokens. {@link hmacVerifier} makes one for shared secrets, the `jose` folder one for public keys. */
export interface TokenVerifier {
  /**
   * Answers the claims of a token.
   *
   * @param nowMs Milliseconds since the Unix epoch.
   * @throws {UnauthorizedError} Saying what is wrong with the token, and nothing of what it holds.
   */
  verify(token: string, nowMs: number): Claims | Promise<Claims>;
}
