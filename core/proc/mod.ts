/**
 * The life of a process: stopping in two phases, readiness, going on after a forgotten rejection, and a
 * look inside while it runs.
 *
 * What the platform has is not here: a question on the terminal is `prompt()`, colours `@std/fmt/colors`,
 * a UUID `crypto.randomUUID()`, a span of time the difference of two `performance.now()`.
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

export { env, envInt } from "./env.ts";
export { HealthRegistry, type HealthReport, type Probe } from "./health.ts";
export { hostName } from "./host_name.ts";
export { must, type MustOptions } from "./must.ts";
export {
  guardProcess,
  type ProcessGuard,
  type ProcessGuardOptions,
  type UncaughtKind,
} from "./process_guard.ts";
export { processId, processName } from "./process_info.ts";
export {
  dumpProfilesOnSignals,
  type DumpProfilesOptions,
  type ProfileDumps,
} from "./profile_signals.ts";
export { Shutdown, type ShutdownOptions } from "./shutdown.ts";
export { listenSignals, STOP_SIGNALS } from "./signals.ts";
