/**
 * The time that a request has.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";

/** Ends a request when its time is up, or its caller has gone. */
export class RequestTimer {
  readonly #controller = new AbortController();
  readonly #stop: () => void;
  #isOver = false;

  /** Starts. */
  constructor(clock: Clock, timeoutMs: number, outer: AbortSignal | undefined) {
    const timer = clock.setTimer(() => {
      this.#isOver = true;
      this.#controller.abort(new DOMException("timed out", "TimeoutError"));
    }, timeoutMs);
    const onAbort = () => this.#controller.abort(outer!.reason);
    this.#stop = () => timer.cancel();
    if (outer?.aborted) onAbort();
    outer?.addEventListener("abort", onAbort, { once: true, signal: this.#controller.signal });
  }

  /** Aborted when the time is up or the caller has gone. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether time was up. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** From now on only the caller ends it. */
  answered(): void {
    this.#stop();
  }

  /** Ends it, and all that is left of it. */
  stop(): void {
    this.#stop();
    this.#controller.abort();
  }
}
