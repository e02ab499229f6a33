/**
 * Several JavaScript threads that serve as one: a supervisor that starts them, makes anew those that break and adds up
 * their figures. `runService` uses it when the configuration of a server has `Workers`.
 *
 * The limits, breakers and shedders of each worker are its own.
 *
 * @example In the module that a worker runs
 * ```ts
 * import { isSupervised, workerLink } from "@zeno/zeno/core/worker";
 *
 * const link = workerLink();
 * console.log(isSupervised() ? `worker ${link?.number}` : "alone");
 * ```
 *
 * @module
 */

export type { WorkerState } from "./messages.ts";
export type { WorkerPort } from "./supervised_worker.ts";
export {
  isSupervised,
  WorkerLink,
  workerLink,
  workerName,
  type WorkerParts,
} from "./worker_link.ts";
export { WorkerPool, type WorkerPoolOptions } from "./worker_pool.ts";
