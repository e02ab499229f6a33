/**
 * What the calls of one server share.
 *
 * @module
 */

import type { DecisionLog } from "../../core/admin/decision_log.ts";
import type { DeadlineWheel } from "../../core/async/deadline_wheel.ts";
import type { SreBreaker } from "../../core/breaker/sre_breaker.ts";
import type { Clock } from "../../core/clock.ts";
import type { ShedderGroup } from "../../core/load/shedder_group.ts";
import type { SheddingStat } from "../../core/load/shedding_stat.ts";
import type { Logger } from "../../core/log/logger.ts";
import type { MetricRegistry } from "../../core/metric/registry.ts";
import type { AlertReporter } from "../../core/stat/alert_reporter.ts";
import type { RequestStats } from "../../core/stat/request_stats.ts";
import type { Authenticator } from "../interceptor/server/authenticator.ts";
import type { InFlight } from "../interceptor/server/concurrency.ts";
import type { RpcServerConf } from "./config.ts";
import type { RpcContext } from "./context.ts";

/**
 * What the calls of one server share; a layer reads it when it makes its interceptor. With another configuration there is
 * another environment: what counts and learns is the same in both.
 */
export interface RpcEnvironment {
  /** The configuration. */
  readonly config: RpcServerConf;
  /** Time source. */
  readonly clock: Clock;
  /** Deadlines of calls in flight. */
  readonly deadlines: DeadlineWheel;
  /** The service's logger. */
  readonly log: Logger;
  /** Aborted when the server begins to stop: a stream that could go on for ever ends itself then. */
  readonly draining: AbortSignal;
  /** Calls whose signal somebody holds; a forced stop aborts them. */
  readonly live: Set<RpcContext>;
  /** Where the figures of calls go. */
  readonly metrics: MetricRegistry;
  /** The times of each minute, for the log. */
  readonly stats: RequestStats;
  /** Told when a protection begins to refuse. */
  readonly alerts: AlertReporter | undefined;
  /** The shedder of each method; none if shedding is off. */
  readonly shedders: ShedderGroup | undefined;
  /** What shedding did in each minute. */
  readonly sheddingStat: SheddingStat;
  /** The breaker of each method, by its path. */
  readonly breakers: Map<string, SreBreaker>;
  /** The calls in flight of each method, by its path. */
  readonly inFlight: Map<string, InFlight>;
  /** Why calls were refused. */
  readonly decisions: DecisionLog;
  /** What is disposed with the server. */
  readonly parts: DisposableStack;
  /** Checks the tokens of callers, if they must show them. */
  readonly authenticator: Authenticator | undefined;
}
