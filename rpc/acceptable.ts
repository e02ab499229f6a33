/**
 * Which errors say that the callee could not do its work.
 *
 * @module
 */

import type { ErrorCode } from "../core/errors.ts";
import { serviceErrorOf } from "./status.ts";

const FAILURES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "deadline_exceeded",
  "resource_exhausted",
  "unimplemented",
  "internal",
  "unavailable",
  "data_loss",
]);

/**
 * Whether a call that ended so is a success to breakers and balancers: with these six codes the callee could not do its work,
 * with the others it did and answered no. What is no service error is `unknown`, which is acceptable.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ServiceError } from "@zeno/zeno/core/errors";
 * assertEquals(isAcceptable(new ServiceError("not_found", "Cannot find user: no id 7")), true);
 * assertEquals(isAcceptable(new ServiceError("internal", "Cannot save user: disk full")), false);
 * ```
 */
export function isAcceptable(error: unknown): boolean {
  return error === undefined || !FAILURES.has(serviceErrorOf(error).code);
}
