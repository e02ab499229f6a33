/** What a signal is asked about. */
export interface OverloadQuestion {
  /** Monotonic time, in ms. */
  readonly nowMs: number;
  /** Time a request takes when nothing is in its way, in ms. */
  readonly latencyMs: number;
  /** Time after which the next request is done when many wait, in ms: the inverse of the throughput. */
  readonly serviceMs: number;
  /** Requests in hand beyond those that can be served at once. */
  readonly backlog: number;
  /** Requests that can be served at once. */
  readonly carried: number;
  /** How much more pressure the request bears than a normal one; 1 for a normal one. */
  readonly patience: number;
}

/** Says how hard pressed the process is. Disposing it ends what it does in the background. */
export interface OverloadSignal extends Disposable {
  /** A request has come; for signals that count them. */
  arrive?(): void;
  /** Pressure, 0 to 1000, as thousandths of a processor would be; 900 is where it gets too much. */
  level(question: OverloadQuestion): number;
  /** How late the event loop is for the request that came last, in ms; 0 if the signal does not know. */
  lagMs(nowMs: number): number;
  /** How long requests of this kind may wait for it, in ms; 0 if the signal does not know. */
  borneMs(latencyMs: number, serviceMs: number): number;
}

/**
 * How much of the limit holds at a level: all of it up to the threshold, then less, down to a tenth.
 *
 * @param level Pressure, 0 to 1000.
 * @param threshold Level from which on the process is overloaded, 0 to 1000.
 * @returns A factor in [0.1, 1].
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([800, 950, 1000].map((level) => overloadFactor(level, 900)), [1, 0.5, 0.1]);
 * ```
 */
export function overloadFactor(level: number, threshold: number): number {
  // With a threshold of 1000 nothing is left to divide by: there is all or a tenth.
  if (level >= 1000) return 0.1;
  return Math.min(1, Math.max(0.1, (1000 - level) / (1000 - threshold)));
}
