/**
 * Whether a callee did its work, as its circuit breaker sees it.
 *
 * @module
 */

import { CircuitOpenError } from "../../core/breaker/errors.ts";
import { ServiceError } from "../../core/errors.ts";
import { isTransient } from "../../core/retry/transient.ts";
import { HttpError, NetworkError } from "./errors.ts";

/** Whether a status says that the callee worked: anything below 500. */
export function isAcceptableStatus(status: number): boolean {
  return status < 500;
}

/**
 * Whether an error leaves the callee blameless. A timeout, a broken connection and a status of 500 and more
 * do not, however deep they are wrapped; the caller's own cancel and any other error do.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const timeout = new DOMException("too slow", "TimeoutError");
 * assertEquals(isAcceptableError(new Error("no answer", { cause: timeout })), false);
 * assertEquals(isAcceptableError(new DOMException("not needed", "AbortError")), true);
 * ```
 */
export function isAcceptableError(error: unknown): boolean {
  const all = [...reasonsOf(error)];
  if (all.some(isTimeout)) return false; // Before cancels: an abort that a timeout caused is a timeout.
  if (all.some(isCancel)) return true;
  return !all.some((each) =>
    each instanceof NetworkError || (each instanceof HttpError && !isAcceptableStatus(each.status))
  );
}

/** Statuses after which the same request may succeed a moment later. */
const RETRYABLE = new Set([429, 502, 503, 504]);

/**
 * Whether a call that may be carried out twice is made again: after 429, 502, 503 and 504, a broken connection, an
 * attempt that took too long. Not after a refusal of our own breaker, which is there so that callers
 * need not wait.
 */
export function isRetryable(error: unknown): boolean {
  if (error instanceof HttpError) return RETRYABLE.has(error.status);
  return !(error instanceof CircuitOpenError) && isTransient(error);
}

/** The error, what caused it, and what it joins. */
function* reasonsOf(error: unknown, depth = 0): Generator<unknown> {
  yield error;
  if (depth > 16 || !(error instanceof Error)) return;
  if (error.cause !== undefined) yield* reasonsOf(error.cause, depth + 1);
  if (!(error instanceof AggregateError)) return;
  for (const each of error.errors) yield* reasonsOf(each, depth + 1);
}

function isTimeout(error: unknown): boolean {
  if (error instanceof HttpError) return false; // Its status decides.
  if (error instanceof ServiceError) return error.code === "deadline_exceeded";
  return error instanceof Error && error.name === "TimeoutError";
}

function isCancel(error: unknown): boolean {
  if (error instanceof HttpError) return false;
  if (error instanceof ServiceError) return error.code === "canceled";
  return error instanceof Error && error.name === "AbortError";
}
