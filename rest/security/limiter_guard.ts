/**
 * A limiter that cannot take the service down.
 *
 * @module
 */

import type { LimitDecision, Limiter } from "../../core/limit/limiter.ts";
import type { ServerEnvironment } from "../environment.ts";

/** What a guard needs of its server. */
export type GuardEnvironment = Pick<ServerEnvironment, "clock" | "deadlines" | "log">;

const COMPLAINT_PERIOD_MS = 10_000;

/** Asks a limiter, and answers `undefined` if it fails or takes too long: then nothing is limited, and the log says so. */
export class LimiterGuard {
  readonly #limiter: Limiter;
  readonly #timeoutMs: number;
  #complainedAtMs = -Infinity;
  #failures = 0;

  /**
   * @throws {RangeError} If `timeoutMs` is out of range.
   */
  constructor(limiter: Limiter, timeoutMs: number) {
    if (!(timeoutMs > 0)) {
      throw new RangeError(`Cannot limit rate: need timeoutMs > 0, got ${timeoutMs}`);
    }
    this.#limiter = limiter;
    this.#timeoutMs = timeoutMs;
  }

  /** Takes what a request is worth. Waits only if the limiter does. */
  take(
    key: string,
    cost: number | undefined,
    environment: GuardEnvironment,
  ): LimitDecision | undefined | Promise<LimitDecision | undefined> {
    let decision: LimitDecision | Promise<LimitDecision>;
    try {
      decision = this.#limiter.take(key, cost === undefined ? undefined : { cost });
    } catch (error) {
      return this.#complain(error, environment);
    }
    return decision instanceof Promise ? this.#wait(decision, environment) : decision;
  }

  #wait(
    decision: Promise<LimitDecision>,
    environment: GuardEnvironment,
  ): Promise<LimitDecision | undefined> {
    return new Promise((resolve) => {
      const timer = environment.deadlines.schedule(this.#timeoutMs, () => {
        const error = new Error(`no answer within ${this.#timeoutMs} ms`);
        resolve(this.#complain(error, environment));
      });
      decision.then((it) => {
        timer.cancel();
        resolve(it);
      }, (error: unknown) => {
        timer.cancel();
        resolve(this.#complain(error, environment));
      });
    });
  }

  #complain(error: unknown, { clock, log }: GuardEnvironment): undefined {
    this.#failures++;
    const nowMs = clock.now();
    if (nowMs - this.#complainedAtMs < COMPLAINT_PERIOD_MS) return;
    this.#complainedAtMs = nowMs;
    const why = error instanceof Error ? error.message : String(error);
    log.error("Cannot limit rate: the limiter failed, requests pass", {
      why,
      failures: this.#failures,
    });
    this.#failures = 0;
  }
}
