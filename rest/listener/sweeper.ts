/**
 * The time limits of connections.
 *
 * @module
 */

import { type Clock, systemClock, type Timer } from "../../core/clock.ts";

/** What a {@link Sweeper} visits. */
export interface Swept {
  /** Looks whether a limit has passed. `nowMs` is the sweeper's time. */
  sweep(nowMs: number): void;
}

/** Options of {@link Sweeper}. */
export interface SweeperOptions {
  /** The limits that are watched for, in ms; those that are 0 are none. */
  limitsMs: readonly number[];
  /** Time source. @default {systemClock} */
  clock?: Clock;
}

/**
 * Visits every connection now and then, in place of a timer for each, so that a request costs no timer and no reading of
 * the clock. A limit is met late by at most two periods; one is an eighth of the shortest limit, a second at most.
 */
export class Sweeper implements Disposable {
  readonly #connections = new Set<Swept>();
  readonly #timer: Timer;
  /** Starts sweeping. */
  constructor({ limitsMs, clock = systemClock }: SweeperOptions) {
    const shortest = Math.min(...limitsMs.filter((limitMs) => limitMs > 0));
    const periodMs = Math.max(10, Math.min(1_000, shortest / 8));
    this.#timer = clock.setInterval(() => this.#sweep(clock.now()), periodMs);
  }

  /** The connections that are visited. */
  get connections(): ReadonlySet<Swept> {
    return this.#connections;
  }

  /** Begins to visit a connection. */
  add(connection: Swept): void {
    this.#connections.add(connection);
  }

  /** Visits a connection no more. */
  delete(connection: Swept): void {
    this.#connections.delete(connection);
  }

  /** Stops sweeping. */
  [Symbol.dispose](): void {
    this.#timer.cancel();
  }

  #sweep(nowMs: number): void {
    for (const connection of this.#connections) connection.sweep(nowMs);
  }
}

/** How long something has gone on, as a sweeper sees it: from the first visit that found it so. */
export class Stopwatch {
  #startedMs: number | undefined;

  /** Begins anew with the next visit. */
  reset(): void {
    this.#startedMs = undefined;
  }

  /** Milliseconds since the first visit after a reset; never more than have passed. */
  elapsedMs(nowMs: number): number {
    return nowMs - (this.#startedMs ??= nowMs);
  }
}
