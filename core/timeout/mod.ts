/**
 * Timeouts that end the work, and deadlines that are passed on.
 *
 * @example Give up in time, and let every call on the way know
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { currentDeadline, Deadline, runWithDeadline, withTimeout } from "@zeno/zeno/core/timeout";
 *
 * async function loadUser(id: number): Promise<string> {
 *   return await withTimeout(({ signal }) => Promise.resolve(`user ${id} ${signal.aborted}`), 200);
 * }
 *
 * using deadline = new Deadline(1_000);
 * const user = await runWithDeadline(deadline, () => loadUser(7));
 * assertEquals([user, currentDeadline()], ["user 7 false", undefined]);
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
