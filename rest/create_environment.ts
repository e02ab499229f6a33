/**
 * From a configuration to what the requests of a server share.
 *
 * @module
 */

import { DecisionLog } from "../core/admin/decision_log.ts";
import type { DebugRegistry } from "../core/admin/debug_registry.ts";
import { breakerState, shedderState } from "../core/admin/protection_state.ts";
import { DeadlineWheel } from "../core/async/deadline_wheel.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import { ShedderGroup } from "../core/load/shedder_group.ts";
import type { ServiceRuntime } from "../core/service/service_runtime.ts";
import type { RestConf } from "./config.ts";
import { LiveRequests } from "./live_requests.ts";
import type { ServerEnvironment } from "./environment.ts";
import { type ErrorFormatter, formatProblem } from "./response/problem.ts";
import type { Envelope } from "./response/respond.ts";

/** What a caller may replace. */
export interface EnvironmentOptions {
  /** Makes the answer for an error. @default {formatProblem} */
  formatError?: ErrorFormatter | undefined;
  /** Wraps what handlers answer with `respond`. @default {nothing does} */
  envelope?: Envelope | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/** Makes what the requests of a server with this configuration share. It holds no timer until a request comes. */
export function createEnvironment(
  config: RestConf,
  runtime: ServiceRuntime,
  draining: AbortSignal,
  options: EnvironmentOptions,
): ServerEnvironment {
  const { clock = systemClock } = options;
  return {
    name: config.Name,
    clock,
    deadlines: new DeadlineWheel({ clock }),
    log: runtime.log,
    verbose: config.Verbose,
    formatError: options.formatError ?? formatProblem,
    envelope: options.envelope,
    draining,
    live: new LiveRequests(),
    metrics: runtime.metrics,
    stats: runtime.requestStats(),
    alerts: runtime.alerts,
    shedders: sheddersOf(config, runtime, clock),
    breakers: new Map(),
    inFlight: new Map(),
    decisions: new DecisionLog({ clock }),
    untraced: new Set(config.TraceIgnorePaths),
  };
}

/**
 * The same for a configuration that has changed while the server runs. What counts and learns goes on; shedders begin anew if
 * their threshold is another.
 */
export function changeEnvironment(
  environment: ServerEnvironment,
  before: RestConf,
  config: RestConf,
  runtime: ServiceRuntime,
): ServerEnvironment {
  let { shedders } = environment;
  if (config.CpuThreshold !== before.CpuThreshold) {
    shedders?.[Symbol.dispose]();
    shedders = sheddersOf(config, runtime, environment.clock);
  }
  const untraced = new Set(config.TraceIgnorePaths);
  return { ...environment, verbose: config.Verbose, untraced, shedders };
}

function sheddersOf(
  { CpuThreshold: threshold }: RestConf,
  { isProtected, alerts }: ServiceRuntime,
  clock: Clock,
): ShedderGroup | undefined {
  return isProtected && threshold > 0 ? new ShedderGroup({ threshold, alerts, clock }) : undefined;
}

/** Ends what the requests shared. */
export function disposeEnvironment(environment: ServerEnvironment): void {
  environment.deadlines[Symbol.dispose]();
  environment.stats[Symbol.dispose]();
  environment.shedders?.[Symbol.dispose]();
}

/** Shows the state of the server on the admin pages until the answer is disposed. */
export function showState(
  debug: DebugRegistry,
  environment: ServerEnvironment,
  routes: () => readonly unknown[],
): Disposable {
  const { name, breakers, shedders, decisions } = environment;
  const parts = new DisposableStack();
  parts.use(debug.register("routes", name, routes));
  parts.use(debug.register("breakers", name, () => breakerState(breakers.values())));
  if (shedders) parts.use(debug.register("shedder", name, () => shedderState(shedders)));
  parts.use(debug.register("decisions", name, () => decisions.list()));
  return parts;
}
