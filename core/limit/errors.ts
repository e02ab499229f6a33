/**
 * The refusals of limits. None of them says anything about the health of what is behind the limit.
 *
 * @module
 */

import { ServiceError } from "../errors.ts";
import type { LimitDecision } from "./limiter.ts";

/** Thrown when too many callers wait already. Code `resource_exhausted`, HTTP 503. */
export class QueueFullError extends ServiceError {
  /** `maxWaiting` is how many may wait. */
  constructor(maxWaiting: number) {
    super("resource_exhausted", `Cannot acquire permit: ${maxWaiting} callers wait already`, {
      httpStatus: 503,
    });
    this.name = "QueueFullError";
  }
}

/** Thrown when as many calls run as may run at once. Code `resource_exhausted`, HTTP 503. */
export class ConcurrencyLimitError extends ServiceError {
  /** `limit` is how many calls may run at once, `retryAfterMs` when to try again, where somebody can say. */
  constructor(limit: number, retryAfterMs?: number) {
    super("resource_exhausted", `Cannot start call: ${limit} are in flight already`, {
      httpStatus: 503,
      retryAfterMs,
    });
    this.name = "ConcurrencyLimitError";
  }
}

/** Thrown when a caller has used up its quota. Code `resource_exhausted`, HTTP 429. */
export class RateLimitError extends ServiceError {
  /** The decision that refused the call, for `RateLimit` headers. */
  readonly decision: LimitDecision;

  /** Makes the error of a decision that is not `allowed`. */
  constructor(decision: LimitDecision) {
    const { limit, retryAfterMs } = decision;
    const when = Number.isFinite(retryAfterMs)
      ? `try again in ${Math.ceil(retryAfterMs)} ms`
      : "it asks for more than there ever is";
    super("resource_exhausted", `Cannot take call: over the limit of ${limit}, ${when}`, {
      retryAfterMs: Number.isFinite(retryAfterMs) ? retryAfterMs : undefined,
    });
    this.name = "RateLimitError";
    this.decision = decision;
  }
}
