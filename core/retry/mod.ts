/**
 * Calling again what failed, and calling twice what is slow, without making an overload worse.
 *
 * @example Retry within a budget and a deadline
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { retry, RetryBudget } from "@zeno/zeno/core/retry";
 *
 * const budget = new RetryBudget(); // One for each callee: a tenth of the calls, and three a second.
 * let calls = 0;
 * const user = await retry(
 *   () => calls++ === 0 ? Promise.reject(new TypeError("connection reset")) : "user 7",
 *   { idempotent: true, baseMs: 1, budget },
 * );
 * assertEquals([user, calls], ["user 7", 2]);
 * ```
 *
 * @module
 */

export * from "./backoff.ts";
export * from "./chain.ts";
export * from "./errors.ts";
export * from "./hedge.ts";
export * from "./latency_percentile.ts";
export * from "./retry.ts";
export * from "./retry_budget.ts";
export * from "./transient.ts";
