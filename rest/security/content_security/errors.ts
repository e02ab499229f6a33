/**
 * Why a request was refused.
 *
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";

/**
 * What is wrong with a signed request, in numbers that clients of go-zero know, and one more:
 *
 * | number | what |
 * |---|---|
 * | 1 | the header is missing or malformed, or its secret cannot be read |
 * | 2 | the time is further off than is tolerated |
 * | 3 | the signature does not match |
 * | 4 | the signature is good and was used before |
 */
export type ContentSecurityCode = 1 | 2 | 3 | 4;

const REASONS: Readonly<Record<ContentSecurityCode, string>> = {
  1: "header",
  2: "time",
  3: "signature",
  4: "replay",
};

/**
 * A request without a valid signature. Answered with 403.
 *
 * The message is the same for all reasons, and so is the answer made of it: a caller who could tell them apart could
 * find out by trial what others encrypted.
 */
export class ContentSecurityError extends ServiceError {
  /** What is wrong. Not for the caller. */
  readonly reason: ContentSecurityCode;

  /** Makes the error. */
  constructor(reason: ContentSecurityCode) {
    super("permission_denied", "Cannot accept request: it is not signed as it must be");
    this.name = "ContentSecurityError";
    this.reason = reason;
  }
}

/** A word for a code, for logs. */
export function reasonText(code: ContentSecurityCode): string {
  return REASONS[code];
}
