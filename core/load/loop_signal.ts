import { type Clock, systemClock } from "../clock.ts";
import { CpuUsage } from "../stat/cpu_usage.ts";
import { LoopLag } from "../stat/loop_lag.ts";
import type { OverloadQuestion, OverloadSignal } from "./overload_signal.ts";

/** Options for {@link LoopSignal}. */
export interface LoopSignalOptions {
  /** Lag that is always borne, in ms, > 0. Less than timers wobble is noise. @default {5} */
  minLagMs?: number | undefined;
  /** Lag that is never borne for long, in ms, at least `minLagMs`. @default {50} */
  maxLagMs?: number | undefined;
  /** The event loop's lag, shared between signals; the signal does not dispose it. */
  lag?: LoopLag | undefined;
  /** The processor, shared between signals. */
  cpu?: Pick<CpuUsage, "milliCpu"> | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/** Level at which the process is overloaded. */
const OVERLOADED = 900;
/** Highest level that is not overloaded. */
const BUSY = OVERLOADED - 1;

/** How many times the latency a queue must last to be no burst, and the bounds of that in ms. */
const STANDING = 200;
const MIN_STANDING_MS = 500;
const MAX_STANDING_MS = 4000;
/** A backlog of this many requests, and of this much work in ms, is no burst if it does not shrink. */
const FLOOD = 20;
const FLOOD_MS = 50;
/** Overload is over once the loop was free for more than the rest of this share of the time. */
const BUSY_SHARE = 0.8;
const BUSY_SPAN_MS = 1000;

/**
 * Pressure on one event loop. What is borne is a lag of two requests' work or a third of a request's
 * latency, within bounds. A longer one is overload if it lasts, or if a backlog grows, or if the
 * processor is busy as well: even at seven tenths of capacity queues form and dissolve, and those
 * are not to be touched. It stays overload until the loop has been free for a fifth of a second.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * using signal = new LoopSignal({ minLagMs: 10 });
 * assertEquals(signal.borneMs(1, 1), 10);
 * assertEquals(signal.borneMs(90, 5), 30);
 * ```
 */
export class LoopSignal implements OverloadSignal {
  readonly #minLagMs: number;
  readonly #maxLagMs: number;
  readonly #lag: LoopLag;
  readonly #ownLag: LoopLag | undefined;
  readonly #cpu: Pick<CpuUsage, "milliCpu">;
  #isOverloaded = false;
  #floodSinceMs: number | undefined;
  #floodBacklog = 0;

  /**
   * Makes a signal. It holds no timer until it is first asked, and none once it has not been asked for
   * a while.
   *
   * @throws {RangeError} If a number is out of range.
   */
  constructor(options: LoopSignalOptions = {}) {
    const { minLagMs = 5, maxLagMs = 50, clock = systemClock } = options;
    if (!(minLagMs > 0 && minLagMs <= maxLagMs && maxLagMs < Infinity)) {
      throw new RangeError(
        `Cannot make overload signal: need 0 < minLagMs <= maxLagMs, got ${minLagMs} and ${maxLagMs}`,
      );
    }
    this.#minLagMs = minLagMs;
    this.#maxLagMs = maxLagMs;
    this.#ownLag = options.lag ? undefined : new LoopLag({ clock });
    this.#lag = options.lag ?? this.#ownLag!;
    this.#cpu = options.cpu ?? new CpuUsage({ clock });
  }

  /** Pressure, 0 to 1000; from 900 on the process is overloaded. */
  level(question: OverloadQuestion): number {
    const { nowMs, latencyMs, serviceMs, patience } = question;
    const lagMs = this.#lag.lagMs(nowMs);
    const borneMs = this.borneMs(latencyMs, serviceMs);
    const pressure = lagMs / (borneMs * patience);
    if (pressure < 1) return pressure * BUSY;
    const isBusy = this.#lag.busyShare(BUSY_SPAN_MS, nowMs) >= BUSY_SHARE;
    this.#isOverloaded = this.#isOverloaded ? isBusy : this.#isOverload(question, borneMs, isBusy);
    if (!this.#isOverloaded) return BUSY;
    return Math.min(1000, OVERLOADED + (pressure - 1) * 100);
  }

  /** How late the event loop is, in ms. */
  lagMs(nowMs: number): number {
    return this.#lag.lagMs(nowMs);
  }

  /** How late the event loop may be: two requests' work, or a third of the latency of one. */
  borneMs(latencyMs: number, serviceMs: number): number {
    return Math.min(this.#maxLagMs, Math.max(this.#minLagMs, 2 * serviceMs, latencyMs / 3));
  }

  /** Stops looking at the event loop, if no one else's sampler was given. */
  [Symbol.dispose](): void {
    this.#ownLag?.[Symbol.dispose]();
  }

  #isOverload(question: OverloadQuestion, borneMs: number, isBusy: boolean): boolean {
    const { nowMs, serviceMs } = question;
    if (this.#isFlood(question)) return true;
    if (isBusy && this.#cpu.milliCpu(nowMs) >= OVERLOADED) return true;
    const standingMs = Math.min(MAX_STANDING_MS, Math.max(MIN_STANDING_MS, STANDING * serviceMs));
    return this.#lag.lateForMs(borneMs, nowMs) >= standingMs;
  }

  #isFlood({ nowMs, serviceMs, backlog, carried }: OverloadQuestion): boolean {
    const isSmall = backlog < Math.max(FLOOD, carried, FLOOD_MS / serviceMs);
    if (isSmall || this.#lag.isStalled(nowMs)) {
      this.#floodSinceMs = undefined;
      return false;
    }
    if (this.#floodSinceMs === undefined) {
      this.#floodSinceMs = nowMs;
      this.#floodBacklog = backlog;
    }
    return nowMs - this.#floodSinceMs >= FLOOD_MS && backlog >= this.#floodBacklog;
  }
}
