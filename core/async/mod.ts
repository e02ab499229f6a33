/**
 * Asynchronous building blocks.
 *
 * @example
 * ```ts
 * import { DeadlineWheel } from "@zeno/zeno/core/async";
 *
 * using wheel = new DeadlineWheel();
 * const deadline = wheel.schedule(3_000, () => console.log("too late"));
 * deadline.cancel();
 * ```
 *
 * @module
 */

export * from "./deadline_wheel.ts";
