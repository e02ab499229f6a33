import { type Clock, systemClock } from "../clock.ts";
import { CpuUsage } from "../stat/cpu_usage.ts";
import { LoopLag } from "../stat/loop_lag.ts";
import { QueueWait } from "./_queue_wait.ts";
import type { OverloadQuestion, OverloadSignal } from "./overload_signal.ts";

/** Options for {@link LoopSignal}. */
export interface LoopSignalOptions {
  /** Lag that is always borne, in ms, > 0. Timers are no finer. @default {2} */
  minLagMs?: number | undefined;
  /** Lag that is never borne for long, in ms, at least `minLagMs`. @default {50} */
  maxLagMs?: number | undefined;
  /** Another signal of the same loop, with which to share `lag`, `cpu` and what is known of overload. */
  sharing?: LoopSignal | undefined;
  /** The event loop's lag; the signal does not dispose it. @default {its own} */
  lag?: LoopLag | undefined;
  /** The processor. @default {its own} */
  cpu?: Pick<CpuUsage, "milliCpu"> | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/** Level at which the process is overloaded. */
const OVERLOADED = 900;
/** Highest level that is not overloaded. */
const BUSY = OVERLOADED - 1;

/** Work that may wait for the loop, in requests, from the heaviest load to a light one. */
const LEAST_WORKS = 0.75;
const MOST_WORKS = 1.5;

/** Wait that is borne, times the work of a request: 20 ms where that is a tenth of a millisecond. */
const CHEAP_MS2 = 2;

/** How many times the work of a request a queue must last to be no burst, and the bounds of that in ms. */
const STANDING = 200;
const MIN_STANDING_MS = 500;
const MAX_STANDING_MS = 4000;
/** Timers of a process whose processor is shared are often this late, in ms. */
const LONG_MS = 5;
/** A backlog of this many requests, and of this much work in ms, is no burst if it does not shrink. */
const FLOOD = 30;
const FLOOD_MS = 50;
/** A loop that is late for this share of the time is busy. */
const BUSY_SHARE = 0.8;
/** For this long after overload a queue needs no proof that it is more than a burst, if the loop is busy. */
const MEMORY_MS = 10_000;

/** What signals of one loop share. */
interface WatchedLoop {
  readonly lag: LoopLag;
  readonly wait: QueueWait;
  readonly cpu: Pick<CpuUsage, "milliCpu">;
  /** When there last was overload: it is of the loop, not of one kind of request. */
  overloadedMs: number;
}

function watch(lag: LoopLag, cpu: Pick<CpuUsage, "milliCpu">): WatchedLoop {
  return { lag, wait: new QueueWait(lag), cpu, overloadedMs: -Infinity };
}

/**
 * Pressure on one event loop. What is borne is a wait of one request's work and a half, or a quarter of a
 * request's latency, within bounds. A longer one is overload if it lasts, or if a backlog grows, or
 * if the processor is busy as well: even at seven tenths of capacity queues form and dissolve, and
 * those are not to be touched. After overload, a loop that is still busy is believed at once for ten
 * seconds, so that the edge of the capacity is no back and forth between long queues and none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * using signal = new LoopSignal({ minLagMs: 10 });
 * assertEquals(signal.borneMs(1, 1), 10);
 * assertEquals(signal.borneMs(90, 5), 22.5);
 * ```
 */
export class LoopSignal implements OverloadSignal {
  readonly #minLagMs: number;
  readonly #maxLagMs: number;
  readonly #loop: WatchedLoop;
  readonly #ownLag: LoopLag | undefined;
  #floodSinceMs: number | undefined;
  #floodBacklog = 0;

  /**
   * Makes a signal. It holds no timer until it is first asked, and none once it has not been asked for
   * a while.
   *
   * @throws {RangeError} If a number is out of range.
   */
  constructor(options: LoopSignalOptions = {}) {
    const { minLagMs = 2, maxLagMs = 50, clock = systemClock, sharing } = options;
    if (!(minLagMs > 0 && minLagMs <= maxLagMs && maxLagMs < Infinity)) {
      throw new RangeError(
        `Cannot make overload signal: need 0 < minLagMs <= maxLagMs, got ${minLagMs} and ${maxLagMs}`,
      );
    }
    this.#minLagMs = minLagMs;
    this.#maxLagMs = maxLagMs;
    this.#ownLag = options.lag || sharing ? undefined : new LoopLag({ clock });
    const lag = options.lag ?? this.#ownLag;
    this.#loop = sharing ? sharing.#loop : watch(lag!, options.cpu ?? new CpuUsage({ clock }));
  }

  /** The loop has come to a request. */
  arrive(): void {
    this.#loop.wait.arrive();
  }

  /** Pressure, 0 to 1000; from 900 on the process is overloaded. */
  level(question: OverloadQuestion): number {
    const { nowMs, latencyMs, serviceMs, patience } = question;
    const lagMs = this.#loop.wait.waitMs(nowMs);
    const borneMs = this.borneMs(latencyMs, serviceMs);
    const pressure = lagMs / (borneMs * patience);
    if (pressure < 1) return pressure * BUSY;
    if (!this.#isOverload(question, lagMs, borneMs)) return BUSY;
    this.#loop.overloadedMs = nowMs;
    return Math.min(1000, OVERLOADED + (pressure - 1) * 100);
  }

  /** How long the request that came last has waited for the event loop, in ms. */
  lagMs(nowMs: number): number {
    return this.#loop.wait.waitMs(nowMs);
  }

  /**
   * How long a request may wait: a quarter of its latency, or the work of one request and a half. The more
   * come, the sooner is there another to take its place, and the less need wait lest the loop run dry. Of
   * requests that are little more work than a refusal, more may wait: refusing them saves nothing.
   */
  borneMs(latencyMs: number, serviceMs: number): number {
    const load = this.#loop.wait.ratePerMs * serviceMs;
    const works = Math.min(MOST_WORKS, LEAST_WORKS + 1 / load); // Infinity where nothing is known.
    const leastMs = Math.max(this.#minLagMs, CHEAP_MS2 / serviceMs);
    return Math.min(this.#maxLagMs, Math.max(leastMs, works * serviceMs, latencyMs / 4));
  }

  /** Stops looking at the event loop, if no one else's sampler was given. */
  [Symbol.dispose](): void {
    this.#ownLag?.[Symbol.dispose]();
  }

  #isOverload(question: OverloadQuestion, lagMs: number, borneMs: number): boolean {
    const { nowMs, serviceMs } = question;
    const isBusy = this.#loop.lag.busyShare(nowMs) >= BUSY_SHARE;
    if (isBusy && nowMs - this.#loop.overloadedMs < MEMORY_MS) return true;
    if (this.#isFlood(question)) return true;
    const longMs = Math.max(borneMs, LONG_MS);
    if (lagMs < longMs) return false;
    if (isBusy && this.#loop.cpu.milliCpu(nowMs) >= OVERLOADED) return true;
    const standingMs = Math.min(MAX_STANDING_MS, Math.max(MIN_STANDING_MS, STANDING * serviceMs));
    return this.#loop.lag.lateForMs(longMs, nowMs) >= standingMs;
  }

  #isFlood({ nowMs, serviceMs, backlog, carried }: OverloadQuestion): boolean {
    const isSmall = backlog < Math.max(FLOOD, carried, FLOOD_MS / serviceMs);
    if (isSmall || this.#loop.lag.isStalled(nowMs)) {
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
