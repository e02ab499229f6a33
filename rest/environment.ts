/**
 * What the requests of one server share.
 *
 * @module
 */

import type { DecisionLog } from "../core/admin/decision_log.ts";
import type { DeadlineWheel } from "../core/async/deadline_wheel.ts";
import type { SreBreaker } from "../core/breaker/sre_breaker.ts";
import type { Clock } from "../core/clock.ts";
import type { ShedderGroup } from "../core/load/shedder_group.ts";
import type { Logger } from "../core/log/logger.ts";
import type { MetricRegistry } from "../core/metric/registry.ts";
import type { AlertReporter } from "../core/stat/alert_reporter.ts";
import type { RequestStats } from "../core/stat/request_stats.ts";
import type { LiveRequests } from "./live_requests.ts";
import type { InFlight } from "./middleware/max_conns.ts";
import type { ErrorFormatter } from "./response/problem.ts";
import type { Envelope } from "./response/respond.ts";

/** What the requests of one server share; a chain layer reads it when it makes its middleware. */
export interface ServerEnvironment {
  /** The service's name. */
  readonly name: string;
  /** Time source. */
  readonly clock: Clock;
  /** Deadlines of requests in flight. */
  readonly deadlines: DeadlineWheel;
  /** The service's logger. */
  readonly log: Logger;
  /** Whether the access log tells all. */
  readonly verbose: boolean;
  /** Makes the answer for an error. */
  readonly formatError: ErrorFormatter;
  /** Wraps what handlers answer with `respond`, if anything does. */
  readonly envelope: Envelope | undefined;
  /** Aborted when the server begins to stop: a stream that could go on for ever ends itself then. */
  readonly draining: AbortSignal;
  /** Requests whose signal somebody holds; a forced stop aborts them. */
  readonly live: LiveRequests;
  /** Where the figures of requests go. */
  readonly metrics: MetricRegistry;
  /** The times of each minute, for the log. */
  readonly stats: RequestStats;
  /** Told when a protection begins to refuse. */
  readonly alerts: AlertReporter | undefined;
  /** The shedder of each route; none if shedding is off. */
  readonly shedders: ShedderGroup | undefined;
  /** The breaker of each route, by `GET /users/:id`. */
  readonly breakers: Map<string, SreBreaker>;
  /** The requests in flight of each route, by the same name; they count on when the chain is made anew. */
  readonly inFlight: Map<string, InFlight>;
  /** Why requests were refused. */
  readonly decisions: DecisionLog;
  /** Patterns of routes that are not traced. */
  readonly untraced: ReadonlySet<string>;
}
