/**
 * Who answers nothing is asked once a second.
 *
 * @module
 */

import { type Clock, systemClock } from "../../core/clock.ts";

/** Failures in a row after which an instance may be down. */
const FAILURES = 5;
/** Time without an answer, in ms, after which it is, and time between two calls that find out whether it still is. */
const PROBE_MS = 1_000;

/**
 * Closed while an instance is down: once it has failed call after call for a second it gets one call a second, of whatever
 * method, until one succeeds. A breaker looks at shares of the calls of ten seconds, and one method: with many calls its
 * probes are many, too. One that answers some of its calls is a breaker's business alone.
 *
 * The clock is looked at only after failures.
 */
export class ProbeGate {
  readonly #clock: Clock;
  #failures = 0;
  #failingSinceMs = 0;
  #passedAtMs = 0;

  /** Makes an open gate. */
  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** Time until a call may pass, in ms; 0 if one may now. */
  get closedForMs(): number {
    if (this.#failures < FAILURES) return 0;
    const nowMs = this.#clock.now();
    if (nowMs - this.#failingSinceMs < PROBE_MS) return 0;
    return Math.max(0, this.#passedAtMs + PROBE_MS - nowMs);
  }

  /** A call has passed. */
  pass(): void {
    if (this.#failures > 0) this.#passedAtMs = this.#clock.now();
  }

  /** A call was answered, or the instance is there anew. */
  open(): void {
    this.#failures = 0;
  }

  /** A call failed. */
  fail(): void {
    if (this.#failures++ === 0) this.#failingSinceMs = this.#clock.now();
  }
}
