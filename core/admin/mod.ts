/**
 * Looking into a running process: health, metrics, the state of its protections, profiles, a live
 * console. The `DevServer` section of a service's config turns it on; `setUpService` does the rest.
 *
 * A part that has a state worth seeing registers a function that tells it. The function is called only
 * when somebody looks.
 *
 * @example Show the state of a part, and read it
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { AdminHandler, DebugRegistry } from "@zeno/zeno/core/admin";
 *
 * const debug = new DebugRegistry();
 * using _part = debug.register("queues", "mail", () => ({ waiting: 3 }));
 *
 * using admin = new AdminHandler({ debug });
 * const response = await admin.fetch(new Request("http://localhost/debug/queues"));
 * assertEquals(await response.json(), { mail: { waiting: 3 } });
 * ```
 *
 * @module
 */

export { type Decision, DecisionLog, type DecisionLogOptions } from "./decision_log.ts";
export { AdminHandler, type AdminHandlerOptions } from "./admin_handler.ts";
export type { AdminService } from "./admin_service.ts";
export {
  DebugRegistry,
  type DebugTopic,
  defaultDebugRegistry,
  registerDebug,
} from "./debug_registry.ts";
export { DevServer, type DevServerOptions } from "./dev_server.ts";
export {
  type AdminListener,
  type AdminListenOptions,
  isLoopback,
  listenForAdmin,
} from "./listener.ts";
export { metricsAgent } from "./metrics_agent.ts";
export { maskConfig } from "./mask_config.ts";
export { cpuProfile, type CpuProfileOptions, heapSnapshot } from "./profiler.ts";
export {
  type BreakerState,
  breakerState,
  type NamedShedderReport,
  shedderState,
} from "./protection_state.ts";
