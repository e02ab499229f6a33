/**
 * Tokens that only this service can have made.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const MIN_SECRET_LENGTH = 32;
const MAX_TOKEN_LENGTH = 128;

/** Makes and checks tokens: `<seconds>.<random>.<signature>`, signed together with the session. */
export class CsrfTokens {
  readonly #secret: string;
  readonly #maxAgeSeconds: number;

  /**
   * @throws {RangeError} If the secret is too short or `maxAgeSeconds` is out of range.
   */
  constructor(secret: string, maxAgeSeconds: number) {
    if (secret.length < MIN_SECRET_LENGTH) {
      throw new RangeError(
        `Cannot use secret: it must have at least ${MIN_SECRET_LENGTH} characters, got ${secret.length}`,
      );
    }
    if (!(Number.isInteger(maxAgeSeconds) && maxAgeSeconds >= 1)) {
      throw new RangeError(
        `Cannot make tokens: need an integer maxAgeSeconds >= 1, got ${maxAgeSeconds}`,
      );
    }
    this.#secret = secret;
    this.#maxAgeSeconds = maxAgeSeconds;
  }

  /** Makes a token. */
  issue(session: string, nowMs: number): string {
    const body = `${Math.floor(nowMs / 1000)}.${randomBytes(18).toString("base64url")}`;
    return `${body}.${this.#sign(body, session)}`;
  }

  /** Whether a token was made here, for this session, and not too long ago. */
  isValid(token: string, session: string, nowMs: number): boolean {
    if (token.length > MAX_TOKEN_LENGTH) return false;
    const match = /^((\d{1,12})\.[A-Za-z0-9_-]{24})\.([A-Za-z0-9_-]{43})$/.exec(token);
    if (!match) return false;
    const [, body = "", seconds = "", signature = ""] = match;
    const ageSeconds = Math.floor(nowMs / 1000) - Number(seconds);
    return this.isSame(signature, this.#sign(body, session)) && ageSeconds <= this.#maxAgeSeconds;
  }

  /** Whether two texts are the same, in a time that does not depend on where they differ. */
  isSame(a: string, b: string): boolean {
    const [left, right] = [Buffer.from(a), Buffer.from(b)];
    return left.length === right.length && timingSafeEqual(left, right);
  }

  #sign(body: string, session: string): string {
    // The body has a fixed form without line breaks, so no session can be read as part of it.
    return createHmac("sha256", this.#secret).update(`csrf\n${body}\n${session}`).digest(
      "base64url",
    );
  }
}
