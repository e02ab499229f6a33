/**
 * One line when something is lost, one when it is found, few in between.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { Logger } from "../log/logger.ts";

/** How often an outage that goes on is told of, in ms. */
const REMINDER_MS = 60_000;

/** Tells of outages without filling the log: a registry that is away is tried every second or so. */
export class OutageLog {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #lostAt: number | undefined;
  #toldAt = 0;

  /** `name` is what is lost and found. */
  constructor(name: string, clock: Clock, logger: Logger) {
    this.#name = name;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** An attempt has failed. */
  lost(error: unknown): void {
    const now = this.#clock.now();
    if (this.#lostAt !== undefined && now - this.#toldAt < REMINDER_MS) return;
    this.#lostAt ??= now;
    this.#toldAt = now;
    const why = error instanceof Error ? error.message : String(error);
    this.#logger.error(
      `Cannot follow ${this.#name}: ${why}; what is known stays in use, trying again`,
    );
  }

  /** An attempt has succeeded. */
  found(): void {
    if (this.#lostAt === undefined) return;
    const awayMs = Math.round(this.#clock.now() - this.#lostAt);
    this.#lostAt = undefined;
    this.#logger.info(`Following ${this.#name} again after ${awayMs} ms`);
  }
}
