/**
 * From a configuration to what the requests of a server share.
 *
 * @module
 */

import { DeadlineWheel } from "../core/async/deadline_wheel.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import { ShedderGroup } from "../core/load/shedder_group.ts";
import { createLogger } from "../core/log/create_logger.ts";
import type { Logger } from "../core/log/logger.ts";
import { defaultRegistry, type MetricRegistry } from "../core/metric/registry.ts";
import { AlertReporter } from "../core/stat/alert_reporter.ts";
import { RequestStats } from "../core/stat/request_stats.ts";
import type { RestConf } from "./config.ts";
import type { Context } from "./context.ts";
import { DecisionLog } from "./decision_log.ts";
import type { ServerEnvironment } from "./environment.ts";
import { type ErrorFormatter, formatProblem } from "./response/problem.ts";

/** What a caller may replace. */
export interface EnvironmentOptions {
  /** Makes the answer for an error. @default {formatProblem} */
  formatError?: ErrorFormatter | undefined;
  /** Where lines go. @default {a logger made from the configuration's `Log`} */
  log?: Logger | undefined;
  /** Where the figures of requests go. @default {defaultRegistry} */
  metrics?: MetricRegistry | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/** Makes what the requests of a server with this configuration share. It holds no timer until a request comes. */
export function createEnvironment(
  config: RestConf,
  draining: AbortSignal,
  options: EnvironmentOptions,
): ServerEnvironment {
  const { clock = systemClock } = options;
  const { Name, Mode, CpuThreshold } = config;
  const log = options.log ?? createLogger(config.Log, { clock, serviceName: Name });
  const alerts = Mode === "pro"
    ? new AlertReporter({ deliver: (text) => log.alert(text), clock })
    : undefined;
  return {
    name: Name,
    clock,
    deadlines: new DeadlineWheel({ clock }),
    log,
    formatError: options.formatError ?? formatProblem,
    draining,
    live: new Set<Context>(),
    metrics: options.metrics ?? defaultRegistry,
    stats: new RequestStats(Name, { logger: log, clock }),
    alerts,
    shedders: Mode === "pro" && CpuThreshold > 0
      ? new ShedderGroup({ threshold: CpuThreshold, alerts, clock })
      : undefined,
    breakers: new Map(),
    decisions: new DecisionLog({ clock }),
    untraced: new Set(config.TraceIgnorePaths),
  };
}

/** Ends what the requests shared. The logger stays, for it may be somebody else's. */
export function disposeEnvironment(environment: ServerEnvironment): void {
  environment.deadlines[Symbol.dispose]();
  environment.stats[Symbol.dispose]();
  environment.shedders?.[Symbol.dispose]();
}
