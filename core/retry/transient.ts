/**
 * Which failures may be gone a moment later.
 *
 * @module
 */

import { type ErrorCode, ServiceError } from "../errors.ts";

/**
 * The codes after which the same call may succeed. Of `internal` and `data_loss` it may not: what is broken
 * breaks again. `canceled` is the caller's own wish, and the others are answers.
 */
const TRANSIENT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "aborted",
  "deadline_exceeded",
  "resource_exhausted",
  "unavailable",
  "unknown",
]);

/**
 * Whether a failure may be gone a moment later: a `ServiceError` with code `aborted`, `deadline_exceeded`,
 * `resource_exhausted`, `unavailable` or `unknown`, a timeout, or an error that is no `ServiceError`, such
 * as that of a broken connection. Says nothing about whether the call was carried out.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ServiceError } from "@zeno/zeno/core/errors";
 * assertEquals(isTransient(new ServiceError("unavailable", "Cannot call users: down")), true);
 * assertEquals(isTransient(new ServiceError("not_found", "Cannot find user: no id 7")), false);
 * assertEquals(isTransient(new TypeError("connection reset")), true);
 * ```
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof ServiceError) return TRANSIENT.has(error.code);
  // As `ServiceError.from` would have it, whose error with its stack costs more than a whole retry.
  return !(error instanceof DOMException && error.name === "AbortError");
}
