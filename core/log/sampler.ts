import { type Clock, systemClock } from "../clock.ts";
import type { LogFields } from "./fields.ts";
import type { Logger } from "./logger.ts";

/** Lets one line through an interval and counts the others. */
export class LineLimiter {
  readonly #intervalMs: number;
  readonly #clock: Clock;
  #last: number | undefined;
  #discarded = 0;

  /** `intervalMs` <= 0 lets everything through. */
  constructor(intervalMs: number, clock: Clock = systemClock) {
    this.#intervalMs = intervalMs;
    this.#clock = clock;
  }

  /** How many were kept back since the last that passed, or `undefined` if this one is kept back. */
  pass(): number | undefined {
    const now = this.#clock.now();
    if (this.#intervalMs > 0 && this.#last !== undefined && now - this.#last <= this.#intervalMs) {
      this.#discarded++;
      return undefined;
    }
    const discarded = this.#discarded;
    this.#last = now;
    this.#discarded = 0;
    return discarded;
  }
}

/** Options for {@link LessLogger}. */
export interface LessLoggerOptions {
  /** Time that must have passed, in ms, for another line. 0 or less: no limit. */
  intervalMs: number;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/**
 * Logs errors that come in floods: at most one an interval, preceded by how many were left out.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FakeClock, MemoryLog } from "@zeno/zeno/core/testing";
 * const clock = new FakeClock();
 * const log = new MemoryLog();
 * const less = new LessLogger(log, { intervalMs: 1000, clock });
 * for (let i = 0; i < 5; i++) less.error("no connection");
 * clock.elapse(1001);
 * less.error("no connection");
 * assertEquals(log.contents(), [
 *   "no connection",
 *   "Discarded 4 error messages",
 *   "no connection",
 * ]);
 * ```
 */
export class LessLogger {
  readonly #logger: Logger;
  readonly #limiter: LineLimiter;

  /** Makes one before `logger`. */
  constructor(logger: Logger, options: LessLoggerOptions) {
    this.#logger = logger;
    this.#limiter = new LineLimiter(options.intervalMs, options.clock);
  }

  /** Logs at level error, or counts. */
  error(message: string | (() => string), fields?: LogFields): void {
    const discarded = this.#limiter.pass();
    if (discarded === undefined) return;
    if (discarded > 0) this.#logger.error(`Discarded ${discarded} error messages`);
    this.#logger.error(message, fields);
  }
}
