/**
 * A wait that can be cut short.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";

/** Waits for time, or for somebody to ring, whichever is first. */
export class Alarm {
  readonly #clock: Clock;
  #wake: (() => void) | undefined;
  #hasRung = false;

  /** Makes an alarm that one waits for at a time. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends the wait, or the next one if nobody waits. */
  ring(): void {
    if (this.#wake) this.#wake();
    else this.#hasRung = true;
  }

  /** Resolves after `delayMs`, when rung, or when the signal is aborted. */
  async wait(delayMs: number, signal: AbortSignal): Promise<void> {
    if (this.#hasRung || signal.aborted) {
      this.#hasRung = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = this.#clock.setTimer(() => wake(), delayMs);
      const wake = () => {
        timer.cancel();
        signal.removeEventListener("abort", wake);
        this.#wake = undefined;
        resolve();
      };
      this.#wake = wake;
      signal.addEventListener("abort", wake, { once: true });
    });
  }
}
