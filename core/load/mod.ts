/**
 * Load shedding: a process that has more work than it can do in time refuses some of it at once, the
 * least important first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { AdaptiveShedder } from "@zeno/zeno/core/load";
 *
 * using shedder = new AdaptiveShedder();
 * function handle(): string {
 *   using token = shedder.allow({ criticality: "sheddable" }); // Throws an OverloadedError.
 *   const answer = "a report";
 *   token.pass();
 *   return answer;
 * }
 * assertEquals(handle(), "a report");
 * ```
 *
 * @module
 */

export { AdaptiveShedder, type AdaptiveShedderOptions } from "./adaptive_shedder.ts";
export { isShed, OverloadedError, type OverloadedErrorOptions } from "./errors.ts";
export { LoopSignal, type LoopSignalOptions } from "./loop_signal.ts";
export { noopShedder } from "./noop_shedder.ts";
export { overloadFactor, type OverloadQuestion, type OverloadSignal } from "./overload_signal.ts";
export type {
  Criticality,
  Shedder,
  ShedderAllowOptions,
  ShedderReport,
  ShedderToken,
} from "./shedder.ts";
export { ShedderGroup, type ShedderGroupOptions } from "./shedder_group.ts";
export { type SheddingCounts, SheddingStat, type SheddingStatOptions } from "./shedding_stat.ts";
