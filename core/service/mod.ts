/**
 * Services and groups of them: started together, stopped together, once, when the process is asked to.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ServiceGroup, taskService } from "@zeno/zeno/core/service";
 *
 * const done: string[] = [];
 * await using group = new ServiceGroup();
 * group.add(taskService("import", async () => {
 *   await Promise.resolve();
 *   done.push("import");
 * }));
 * await group.run({ signals: ["SIGTERM"] });
 * assertEquals(done, ["import"]);
 * ```
 *
 * @module
 */

export { type ServiceConfig, serviceConfig, shutdownTimes } from "./config.ts";
export {
  type ContinuousProfiler,
  profileUnderLoad,
  type ProfileUnderLoadOptions,
} from "./profiling.ts";
export { type RunnableService, runServices, type ServiceSource } from "./run_services.ts";
export { ServiceRuntime, type ServiceRuntimeOptions, setUpService } from "./service_runtime.ts";
export { isProtected, SERVICE_MODES, type ServiceMode } from "./mode.ts";
export type { Service } from "./service.ts";
export { type RunOptions, ServiceGroup } from "./service_group.ts";
export { taskService } from "./task_service.ts";
export {
  type DevServerConfig,
  devServerConfig,
  type ProfileTypeConfig,
  type ProfilingConfig,
  profilingConfig,
  type PrometheusConfig,
  prometheusConfig,
  type ShutdownConfig,
  shutdownConfig,
  type TelemetryBatcher,
  type TelemetryConfig,
  telemetryConfig,
} from "./sections.ts";
