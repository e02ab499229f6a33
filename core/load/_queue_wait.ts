import type { LoopLag } from "../stat/loop_lag.ts";

/** Arrivals that must be expected in the time in question for their number to say something. */
const TELLING = 2;

/** Weight of what is this long ago, in ms, is a third of what is now. */
const RATE_MEMORY_MS = 100;

/**
 * How long the request that the event loop comes to now has waited for its turn. A timer tells how late it was
 * itself; since the loop takes what waits in the order it came, the number of requests since then
 * tells how far into the queue of that moment the loop has got.
 *
 * If the last timer was due at D and the loop has come to `n` requests since, at `rate` a millisecond,
 * the last of these came at about D + n / rate.
 *
 * All who take requests of one loop share one of these, so that it sees every request.
 */
export class QueueWait {
  readonly #lag: LoopLag;
  #samples = 0;
  #sampledMs = 0;
  #arrivals = 0;
  #sampledArrivals = 0;
  #ratePerMs = 0;

  /** Makes one that has seen no request. */
  constructor(lag: LoopLag) {
    this.#lag = lag;
  }

  /** Requests that the loop comes to in a millisecond; 0 while that is not known. */
  get ratePerMs(): number {
    return this.#ratePerMs;
  }

  /** The loop has come to a request. */
  arrive(): void {
    this.#arrivals++;
  }

  /** How long the request that came last has waited for the loop, in ms; an estimate. */
  waitMs(nowMs: number): number {
    const lag = this.#lag;
    const lagMs = lag.lagMs(nowMs);
    if (lag.samples !== this.#samples) this.#learn();
    const longestMs = lag.sampleMs + nowMs - this.#sampledMs;
    if (this.#ratePerMs * longestMs < TELLING) return lagMs;
    const waitMs = longestMs - (this.#arrivals - this.#sampledArrivals) / this.#ratePerMs;
    // A timer that is due and waits came after all that the loop has come to.
    return Math.max(waitMs, nowMs - lag.dueMs, 0);
  }

  #learn(): void {
    const { samples, sampledMs } = this.#lag;
    const spanMs = sampledMs - this.#sampledMs;
    if (samples < this.#samples || this.#samples === 0) {
      this.#ratePerMs = 0; // It has just begun to look, or begun again.
    } else if (spanMs > 0) {
      const ratePerMs = (this.#arrivals - this.#sampledArrivals) / spanMs;
      const weight = this.#ratePerMs === 0 ? 1 : 1 - Math.exp(-spanMs / RATE_MEMORY_MS);
      this.#ratePerMs += (ratePerMs - this.#ratePerMs) * weight;
    }
    this.#samples = samples;
    this.#sampledMs = sampledMs;
    this.#sampledArrivals = this.#arrivals - 1; // The one that asks came after the sample.
  }
}
