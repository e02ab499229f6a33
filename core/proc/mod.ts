/**
 * The life of a process: stopping in two phases, readiness, and going on after a forgotten rejection.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { HealthRegistry, Shutdown } from "@zeno/zeno/core/proc";
 * import { noopLogger } from "@zeno/zeno/core/log";
 *
 * const health = new HealthRegistry();
 * using probe = health.register("worker");
 * const shutdown = new Shutdown({ wrapUpMs: 0, logger: noopLogger });
 * using _signals = shutdown.listen(); // SIGTERM and SIGINT
 * shutdown.onWrapUp(() => probe.markNotReady());
 * probe.markReady();
 *
 * await shutdown.run();
 * assertEquals(health.ready, false);
 * ```
 *
 * @module
 */

export { HealthRegistry, type HealthReport, type Probe } from "./health.ts";
export {
  guardProcess,
  type ProcessGuard,
  type ProcessGuardOptions,
  type UncaughtKind,
} from "./process_guard.ts";
export { processId, processName } from "./process_info.ts";
export { Shutdown, type ShutdownOptions } from "./shutdown.ts";
export { listenSignals, STOP_SIGNALS } from "./signals.ts";
