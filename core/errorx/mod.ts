/**
 * The little that JavaScript's errors lack: collecting several, finding one inside another, saying where one
 * happened.
 *
 * A chain of steps that stops at the first error is `await a(); await b();`, and an error that many may set
 * is a variable.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ErrorBatch, includesError, wrapError } from "@zeno/zeno/core/errorx";
 *
 * const timeout = new DOMException("slow", "TimeoutError");
 * const errors = new ErrorBatch();
 * errors.add(wrapError(timeout, "Cannot ask a replica"));
 * assertEquals(includesError(errors.toError(), timeout), true);
 * ```
 *
 * @module
 */

export { ErrorBatch } from "./error_batch.ts";
export { includesError } from "./includes_error.ts";
export { wrapError } from "./wrap_error.ts";
