import { type ErrorCode, ServiceError } from "../errors.ts";
import { isShed } from "../load/errors.ts";

/** Codes that say the callee could not do its work; with the others it did, and answered no. */
const FAILURES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "unknown",
  "deadline_exceeded",
  "unimplemented",
  "internal",
  "unavailable",
  "data_loss",
]);

/**
 * Whether an error is the callee's failure: anything but a `ServiceError` whose code says that the
 * callee worked and the request was at fault, as `not_found` does.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ServiceError } from "../errors.ts";
 * assertEquals(isCalleeFailure(new ServiceError("not_found", "Cannot find user: no id 7")), false);
 * assertEquals(isCalleeFailure(new TypeError("connection reset")), true);
 * ```
 */
export function isCalleeFailure(error: unknown): boolean {
  return !(error instanceof ServiceError) || FAILURES.has(error.code);
}

/**
 * Whether an error says nothing about the callee: it shed the call, or the caller gave up. A deadline
 * that passed does say something, so a signal that was aborted with a `TimeoutError` is not neutral.
 */
export function isNeutral(error: unknown, signal?: AbortSignal): boolean {
  if (signal?.aborted && !isTimeout(signal.reason)) return true;
  return isCancel(error) || isShed(error);
}

function isCancel(error: unknown): boolean {
  if (error instanceof ServiceError) return error.code === "canceled";
  return error instanceof Error && error.name === "AbortError";
}

function isTimeout(reason: unknown): boolean {
  if (reason instanceof ServiceError) return reason.code === "deadline_exceeded";
  return reason instanceof Error && reason.name === "TimeoutError";
}
