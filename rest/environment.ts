/**
 * What the requests of one server share.
 *
 * @module
 */

import type { DeadlineWheel } from "../core/async/deadline_wheel.ts";
import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/log/logger.ts";
import type { Context } from "./context.ts";
import type { ErrorFormatter } from "./response/problem.ts";

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
  /** Makes the answer for an error. */
  readonly formatError: ErrorFormatter;
  /** Aborted when the server begins to stop: a stream that could go on for ever ends itself then. */
  readonly draining: AbortSignal;
  /** Requests whose signal somebody holds; a forced stop aborts them. */
  readonly live: Set<Context>;
}
