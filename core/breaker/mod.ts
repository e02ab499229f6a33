/**
 * Circuit breakers: a caller stops calling what does not do its work, and starts again by itself.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { BreakerGroup, breakerKey } from "@zeno/zeno/core/breaker";
 *
 * const breakers = new BreakerGroup();
 * const price = await breakers.run(
 *   breakerKey("prices:8080", "GET /prices/:id"),
 *   () => 42, // The call, with its own deadline.
 *   { fallback: (error) => error.retryAfterMs ?? 0 },
 * );
 * assertEquals(price, 42);
 * ```
 *
 * @module
 */

export type {
  AllowOptions,
  Breaker,
  BreakerReport,
  BreakerToken,
  RecordedFailure,
  RunOptions,
} from "./breaker.ts";
export { BreakerGroup, type BreakerGroupOptions, breakerKey } from "./breaker_group.ts";
export {
  BUCKETS,
  DROP_TUNING,
  type DropInputs,
  dropRatio,
  type DropTuning,
  excessRatio,
} from "./drop_ratio.ts";
export { CircuitOpenError, type CircuitOpenErrorOptions } from "./errors.ts";
export { noopBreaker } from "./noop_breaker.ts";
export { isCalleeFailure, isNeutral } from "./outcome.ts";
export { SreBreaker, type SreBreakerOptions } from "./sre_breaker.ts";
