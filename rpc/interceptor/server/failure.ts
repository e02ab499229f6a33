/**
 * What a call ends with when something is thrown.
 *
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";
import { serviceErrorOf } from "../../status.ts";
import type { DecisionLog } from "../../../core/admin/decision_log.ts";
import { DeadlineExceededError } from "../../../core/timeout/errors.ts";
import type { RpcContext } from "../../server/context.ts";

/** The metadata that names the decision by which a call was refused. */
export const DECISION_HEADER = "zeno-decision";

/**
 * The error that a caller is told of. What nobody meant to throw is `internal`, as a panic is in Go, and tells nothing: its
 * message and its stack are for the log. Never throws.
 */
export function callError(thrown: unknown): ServiceError {
  const error = serviceErrorOf(thrown);
  return error === thrown || error.code !== "unknown" ? error : new UnexpectedError(thrown);
}

/** What callers are told of an error that nobody meant to throw, which is its cause. */
export class UnexpectedError extends ServiceError {
  /** `cause` is what was thrown. */
  constructor(cause: unknown) {
    super("internal", "Cannot finish call: unexpected error", { cause });
    this.name = "UnexpectedError";
  }
}

/** Thrown when the time that the caller gives is up: it says nothing of the service. */
export class CallerDeadlineError extends DeadlineExceededError {
  /** `limitMs` is what the caller gave. */
  constructor(limitMs: number) {
    super(`Cannot finish call: the caller's time of ${Math.round(limitMs)} ms is up`);
    this.name = "CallerDeadlineError";
  }
}

/** Thrown when the method's own time is up. */
export class MethodTimeoutError extends DeadlineExceededError {
  /** `limitMs` is the method's limit. */
  constructor(limitMs: number) {
    super(`Cannot finish call: the method's time of ${limitMs} ms is up`);
    this.name = "MethodTimeoutError";
  }
}

/** Notes that a call is refused and why, and tells its caller the decision. Answers `error`. */
export function refuse<E extends Error>(
  error: E,
  protection: string,
  report: Parameters<DecisionLog["add"]>[2],
  context: RpcContext,
): E {
  const { decisions, stats } = context.environment;
  context.decision = decisions.add(protection, context.method.path, report);
  context.trailer.set(DECISION_HEADER, context.decision);
  stats.addDrop();
  return error;
}
