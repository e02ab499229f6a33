/**
 * Calls at a steady rate, whatever becomes of them.
 *
 * @module
 */

import { systemClock } from "../../../core/clock.ts";
import { ServiceError } from "../../../core/errors.ts";

/** A call that has ended. */
export interface Sample {
  /** When it was due, in ms since the load began. */
  readonly atMs: number;
  /** How long it took, in ms, from when it was due: a caller that is held up does not hide the wait. */
  readonly tookMs: number;
  /** How it ended: `ok`, or the code of its failure. */
  readonly code: string;
  /** Why it failed. */
  readonly reason?: string | undefined;
}

const sleep = (ms: number) => systemClock.sleep(ms, { keepAlive: true });

/** An open loop: the next call does not wait for the last. */
export class Load implements AsyncDisposable {
  /** The calls that have ended. */
  readonly samples: Sample[] = [];
  readonly #call: (number: number) => Promise<unknown>;
  readonly #perSecond: number;
  readonly #startedMs = systemClock.now();
  readonly #open = new Set<Promise<void>>();
  readonly #loop: Promise<void>;
  #running = true;

  /** Begins to call so many times a second. */
  constructor(call: (number: number) => Promise<unknown>, perSecond: number) {
    this.#call = call;
    this.#perSecond = perSecond;
    this.#loop = this.#run();
  }

  /** Time since the load began, in ms. */
  get nowMs(): number {
    return systemClock.now() - this.#startedMs;
  }

  /** The calls that were due from `fromMs` to `toMs` and have ended. */
  between(fromMs: number, toMs: number = Infinity): Sample[] {
    return this.samples.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  }

  /** Stops, and waits for the calls in flight. */
  async stop(): Promise<void> {
    this.#running = false;
    await this.#loop;
    await Promise.all(this.#open);
  }

  /** Stops; for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #run(): Promise<void> {
    const everyMs = 1_000 / this.#perSecond;
    for (let number = 0; this.#running; number++) {
      const dueMs = number * everyMs;
      const waitMs = dueMs - this.nowMs;
      if (waitMs > 0) await sleep(waitMs);
      this.#begin(number, dueMs);
    }
  }

  #begin(number: number, dueMs: number): void {
    const end = (code: string, reason?: string) => {
      this.samples.push({ atMs: dueMs, tookMs: this.nowMs - dueMs, code, reason });
    };
    const made = this.#call(number).then(
      () => end("ok"),
      (error) => end(ServiceError.from(error).code, String(error)),
    );
    this.#open.add(made);
    made.finally(() => this.#open.delete(made)).catch(() => {});
  }
}

/** The time within which a share of the calls ended, in ms; NaN without any. */
export function percentile(samples: readonly Sample[], share: number): number {
  const sorted = samples.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/**
 * The 99th percentile of the calls of each second, in ms, and of these the median: a second in which the machine was busy with
 * something else does not decide.
 */
export function usualP99(samples: readonly Sample[]): number {
  const bySecond = Map.groupBy(samples, ({ atMs }) => Math.floor(atMs / 1_000));
  const all = [...bySecond.values()].map((second) => percentile(second, 0.99));
  return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? NaN;
}

/** The longest of the calls, in ms. */
export function longest(samples: readonly Sample[]): number {
  return samples.reduce((most, { tookMs }) => Math.max(most, tookMs), 0);
}

/** Calls that call nobody: what they take is what the machine makes everybody wait. */
export function idleLoad(perSecond: number): Load {
  return new Load(() => Promise.resolve(), perSecond);
}

/** How many calls ended otherwise than well. */
export function failures(samples: readonly Sample[]): number {
  return samples.filter(({ code }) => code !== "ok").length;
}

/** Why calls failed, and how many for each reason; for people who look. */
export function reasons(samples: readonly Sample[]): string {
  const failed = samples.filter(({ reason }) => reason !== undefined);
  return [...Map.groupBy(failed, ({ reason }) => reason)]
    .map(([reason, { length }]) => `${length}: ${reason}`)
    .join("; ");
}
