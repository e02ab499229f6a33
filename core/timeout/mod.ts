/**
 * Timeouts that end the work, and deadlines that are passed on.
 *
 * @example Give up in time, and let every call on the way know
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import {
 *   currentDeadline,
 *   Deadline,
 *   runWithDeadline,
 *   sharedDeadlines,
 *   withTimeout,
 * } from "@zeno/zeno/core/timeout";
 *
 * async function loadUser(id: number): Promise<string> {
 *   // In the place of fetch(url, { signal }).
 *   return await withTimeout(({ signal }) => `user ${id}, aborted: ${signal.aborted}`, 60_000);
 * }
 *
 * using deadline = new Deadline(1_000);
 * const user = await runWithDeadline(deadline, () => loadUser(7));
 * assertEquals([user, currentDeadline()], ["user 7, aborted: false", undefined]);
 * sharedDeadlines[Symbol.dispose](); // For tests; a program has no need to.
 * ```
 *
 * @module
 */

export * from "./ambient_deadline.ts";
export * from "./deadline.ts";
export * from "./errors.ts";
export * from "./propagation.ts";
export * from "./shared_deadlines.ts";
export * from "./with_timeout.ts";
