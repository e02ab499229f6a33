/**
 * What is left to say when no attempt did it.
 *
 * @module
 */

import { ServiceError } from "../errors.ts";

/** Why no further attempt was made. */
export type GiveUpReason =
  /** As many were made as may be. */
  | "attempts"
  /** The budget is spent. */
  | "budget"
  /** The time is up, or would be before the next attempt. */
  | "deadline";

/**
 * Thrown when several attempts failed. It answers as the last failure would: `code`, `httpStatus`, `details`
 * and `retryAfterMs` are those. Its `cause` is an `AggregateError` of all, so a search through causes finds
 * each.
 */
export class RetryError extends ServiceError {
  /** What each attempt failed with, in order. */
  readonly errors: readonly unknown[];
  /** Why there was no further attempt. */
  readonly reason: GiveUpReason;

  /** Makes the error of at least one failure. */
  constructor(errors: readonly unknown[], reason: GiveUpReason) {
    const last = ServiceError.from(errors.at(-1));
    super(last.code, `Cannot succeed in ${errors.length} attempts: ${last.message}`, {
      httpStatus: last.httpStatus,
      details: last.details,
      retryAfterMs: last.retryAfterMs,
      cause: new AggregateError(errors, "All attempts failed"),
    });
    this.name = "RetryError";
    this.errors = [...errors];
    this.reason = reason;
  }
}
