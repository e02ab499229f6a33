import type { Clock, Timer } from "../clock.ts";

const PERIOD_MS = 20;
/** What is told is of this last while. */
const SPAN_MS = 1000;
/** How long it goes on looking after it was last asked. */
const LOOK_ON_MS = 5000;

/** How late the event loop was during the last second. */
export interface LagState {
  readonly worstMs: number;
  readonly meanMs: number;
}

/**
 * Looks at the event loop while somebody asks. The shedder's sampler answers how late the loop is at an
 * instant; a person who looks once a second wants to know of the stalls between two looks.
 */
export class LagWatch implements Disposable {
  readonly #clock: Clock;
  #samples: { readonly atMs: number; readonly lagMs: number }[] = [];
  #timer: Timer | undefined;
  #dueMs = 0;
  #askedMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  state(): LagState {
    const nowMs = this.#askedMs = this.#clock.now();
    if (!this.#timer) this.#start(nowMs);
    const lags = this.#samples.filter(({ atMs }) => atMs >= nowMs - SPAN_MS)
      .map(({ lagMs }) => lagMs);
    const sumMs = lags.reduce((sum, lagMs) => sum + lagMs, 0);
    return { worstMs: Math.max(0, ...lags), meanMs: sumMs / Math.max(1, lags.length) };
  }

  [Symbol.dispose](): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#samples = [];
  }

  #start(nowMs: number): void {
    this.#dueMs = nowMs + PERIOD_MS;
    this.#timer = this.#clock.setInterval(() => this.#sample(), PERIOD_MS);
  }

  #sample(): void {
    const atMs = this.#clock.now();
    if (atMs - this.#askedMs > LOOK_ON_MS) return this[Symbol.dispose]();
    this.#samples.push({ atMs, lagMs: Math.max(0, atMs - this.#dueMs) });
    if (this.#samples.length > SPAN_MS / PERIOD_MS) this.#samples.shift();
    this.#dueMs = atMs + PERIOD_MS;
  }
}
