import { type Clock, type Random, systemClock, systemRandom } from "../clock.ts";
import type { AlertReporter } from "../stat/alert_reporter.ts";
import { CapacityWindow, DEFAULT_LATENCY_MS } from "./_capacity_window.ts";
import { OverloadedError } from "./errors.ts";
import { LoopSignal } from "./loop_signal.ts";
import { overloadFactor, type OverloadSignal } from "./overload_signal.ts";
import type {
  Criticality,
  Shedder,
  ShedderAllowOptions,
  ShedderReport,
  ShedderToken,
} from "./shedder.ts";

/** Options for {@link AdaptiveShedder}. */
export interface AdaptiveShedderOptions {
  /** Level of the signal from which on requests may be refused, > 0 and <= 1000. @default {900} */
  threshold?: number | undefined;
  /** How far back what was served counts, in ms, > 0. @default {5000} */
  windowMs?: number | undefined;
  /** Number of buckets of the window, an integer >= 2. @default {50} */
  buckets?: number | undefined;
  /** How long requests may still be refused after the pressure has gone, in ms, >= 0. @default {1000} */
  coolOffMs?: number | undefined;
  /** How hard pressed the process is. @default {a LoopSignal} */
  signal?: OverloadSignal | undefined;
  /** Told when requests are refused; it limits its own rate. */
  alerts?: AlertReporter | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
  /** Spreads the times at which refused callers are asked to come back. @default {systemRandom} */
  random?: Random | undefined;
}

/** Part of the average of requests in flight that is kept when one leaves. */
const KEEP = 0.9;

/** How many times the pressure of a normal request each bears. */
const PATIENCE: Readonly<Record<Criticality, number>> = { critical: 32, normal: 1, sheddable: 0.7 };

type Leave = (startedMs: number, served: boolean, endedMs: number | undefined) => void;

class Token implements ShedderToken {
  #leave: Leave | undefined;
  readonly #startedMs: number;

  constructor(leave: Leave, startedMs: number) {
    this.#leave = leave;
    this.#startedMs = startedMs;
  }

  pass(nowMs?: number): void {
    this.#once(true, nowMs);
  }

  fail(): void {
    this.#once(false, undefined);
  }

  [Symbol.dispose](): void {
    this.#once(false, undefined);
  }

  #once(served: boolean, endedMs: number | undefined): void {
    const leave = this.#leave;
    this.#leave = undefined;
    leave?.(this.#startedMs, served, endedMs);
  }
}

/**
 * Refuses requests while the process is hard pressed **and** has more in hand than it has proved it
 * can carry: the most it served in a slice of the last five seconds, times the best mean latency. There is
 * no number to configure, so none can be wrong.
 *
 * What it has in hand are the requests in flight and those that wait for the event loop unseen,
 * which the loop's lag betrays. What the latency is at rest is learned only while nothing is wrong,
 * or a queue would become the measure of itself.
 *
 * Pressure is told by a {@link LoopSignal}. For one second after it has gone, requests over the
 * limit are still refused. `critical` requests bear 32 times the pressure of `normal` ones,
 * `sheddable` ones two thirds of it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * using shedder = new AdaptiveShedder();
 * const token = shedder.allow({ criticality: "critical" });
 * assertEquals(shedder.explain().inFlight, 1);
 * token.pass(); // Or `fail()`, if it was not served.
 * assertEquals(shedder.explain().inFlight, 0);
 * ```
 * @see Little, A Proof for the Queuing Formula L = λW, 1961.
 */
export class AdaptiveShedder implements Shedder {
  readonly #threshold: number;
  readonly #coolOffMs: number;
  readonly #capacity: CapacityWindow;
  readonly #signal: OverloadSignal;
  readonly #ownSignal: OverloadSignal | undefined;
  readonly #alerts: AlertReporter | undefined;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #leave: Leave = (startedMs, served, endedMs) => this.#finish(startedMs, served, endedMs);
  #inFlight = 0;
  #averageInFlight = 0;
  #latencyMs = DEFAULT_LATENCY_MS;
  #meanLatencyMs = DEFAULT_LATENCY_MS;
  #overloadedMs: number | undefined;
  #hasDropped = false;

  /**
   * Makes a shedder that has seen nothing.
   *
   * @throws {RangeError} If a number is out of range.
   */
  constructor(options: AdaptiveShedderOptions = {}) {
    const { threshold = 900, windowMs = 5000, buckets = 50, coolOffMs = 1000 } = options;
    const { clock = systemClock } = options;
    check(threshold >= 0 && threshold <= 1000, "threshold 0 to 1000", threshold);
    check(windowMs > 0 && windowMs < Infinity, "a finite windowMs > 0", windowMs);
    check(Number.isInteger(buckets) && buckets >= 2, "an integer buckets >= 2", buckets);
    check(coolOffMs >= 0, "coolOffMs >= 0", coolOffMs);
    this.#threshold = threshold;
    this.#coolOffMs = coolOffMs;
    this.#capacity = new CapacityWindow({ windowMs, buckets, clock });
    this.#ownSignal = options.signal ? undefined : new LoopSignal({ clock });
    this.#signal = options.signal ?? this.#ownSignal!;
    this.#alerts = options.alerts;
    this.#clock = clock;
    this.#random = options.random ?? systemRandom;
  }

  /**
   * Lets a request in.
   *
   * @throws {OverloadedError} If it is to be refused; with the report that says why.
   */
  allow(options?: ShedderAllowOptions): ShedderToken {
    const token = this.tryAllow(options);
    if (token) return token;
    const report = this.explain(options);
    const message = `Cannot accept request: overloaded, ${Math.round(report.lagMs)} ms behind`;
    throw new OverloadedError(message, { report, retryAfterMs: report.retryAfterMs });
  }

  /**
   * Lets a request in, or gives nothing.
   *
   * @param nowMs The clock's `now()`, where the caller has read it already.
   */
  tryAllow(
    options?: ShedderAllowOptions,
    nowMs: number = this.#clock.now(),
  ): ShedderToken | undefined {
    const criticality = options?.criticality ?? "normal";
    this.#signal.arrive?.();
    if (this.#capacity.refresh(nowMs)) this.#learn(nowMs);
    if (this.#shouldDrop(criticality, nowMs)) {
      this.#hasDropped = true;
      this.#alerts?.report(() => dropAlert(this.explain(options)));
      return undefined;
    }
    this.#inFlight++;
    return new Token(this.#leave, nowMs);
  }

  /** What would happen to a request now, and why. */
  explain(options?: ShedderAllowOptions): ShedderReport {
    const criticality = options?.criticality ?? "normal";
    const nowMs = this.#clock.now();
    const level = this.#level(criticality, nowMs);
    const threshold = this.#thresholdFor(criticality);
    const coolingOff = this.#isCoolingOff(nowMs);
    const isDropped = (level >= threshold || coolingOff) &&
      this.#isOverLimit(criticality, nowMs, level);
    return {
      allowed: !isDropped,
      criticality,
      level,
      threshold,
      coolingOff,
      lagMs: this.#signal.lagMs(nowMs),
      inFlight: this.#inFlight,
      averageInFlight: this.#averageInFlight,
      waiting: this.#waiting(nowMs),
      limit: this.#carried() * overloadFactor(level, threshold) * PATIENCE[criticality],
      maxPass: this.#capacity.maxPass,
      minLatencyMs: this.#latencyMs,
      retryAfterMs: isDropped ? Math.ceil(this.#coolOffMs * (1 + this.#random())) : 0,
    };
  }

  /** Ends what the signal does in the background, unless it was given. */
  [Symbol.dispose](): void {
    this.#ownSignal?.[Symbol.dispose]();
  }

  #shouldDrop(criticality: Criticality, nowMs: number): boolean {
    const level = this.#level(criticality, nowMs);
    const threshold = this.#thresholdFor(criticality);
    if (level >= threshold) {
      this.#overloadedMs = nowMs;
    } else if (!this.#isCoolingOff(nowMs)) {
      this.#hasDropped = false;
      return false;
    }
    return this.#isOverLimit(criticality, nowMs, level);
  }

  #isCoolingOff(nowMs: number): boolean {
    return this.#hasDropped && this.#overloadedMs !== undefined &&
      nowMs - this.#overloadedMs < this.#coolOffMs;
  }

  #level(criticality: Criticality, nowMs: number): number {
    const latencyMs = this.#latencyMs;
    const carried = this.#carried();
    return this.#signal.level({
      nowMs,
      latencyMs,
      serviceMs: this.#serviceMs(),
      carried,
      backlog: this.#inHand(nowMs) - carried,
      patience: PATIENCE[criticality],
    });
  }

  /** Critical requests need twice as much of what is left to the top. */
  #thresholdFor(criticality: Criticality): number {
    return criticality === "critical" ? (this.#threshold + 1000) / 2 : this.#threshold;
  }

  /** Requests that can be served at once, by Little's law; at least one, or none ever would be. */
  #carried(): number {
    return Math.max(1, this.#capacity.ratePerMs * this.#latencyMs);
  }

  /** The average keeps a moment's burst from counting, the current number a burst that is over. */
  #inHand(nowMs: number): number {
    const borneMs = this.#signal.borneMs(this.#latencyMs, this.#serviceMs());
    const lateMs = Math.max(0, this.#signal.lagMs(nowMs) - borneMs);
    return Math.min(this.#inFlight, this.#averageInFlight) + lateMs * this.#capacity.ratePerMs;
  }

  #serviceMs(): number {
    return Math.min(this.#meanLatencyMs, 1 / this.#capacity.ratePerMs);
  }

  #isOverLimit(criticality: Criticality, nowMs: number, level: number): boolean {
    const limit = this.#carried() * overloadFactor(level, this.#thresholdFor(criticality));
    return this.#inHand(nowMs) > limit * PATIENCE[criticality];
  }

  #waiting(nowMs: number): number {
    return this.#signal.lagMs(nowMs) * this.#capacity.ratePerMs;
  }

  #learn(nowMs: number): void {
    const { minLatencyMs, meanLatencyMs } = this.#capacity;
    if (minLatencyMs === undefined || meanLatencyMs === undefined) return;
    const isPressed = this.#overloadedMs !== undefined &&
      nowMs - this.#overloadedMs < this.#coolOffMs;
    this.#latencyMs = isPressed ? Math.min(this.#latencyMs, minLatencyMs) : minLatencyMs;
    this.#meanLatencyMs = isPressed ? Math.min(this.#meanLatencyMs, meanLatencyMs) : meanLatencyMs;
  }

  #finish(startedMs: number, served: boolean, endedMs: number | undefined): void {
    this.#inFlight--;
    this.#averageInFlight = this.#averageInFlight * KEEP + this.#inFlight * (1 - KEEP);
    if (!served) return;
    const nowMs = endedMs ?? this.#clock.now();
    this.#capacity.add(nowMs - startedMs, nowMs);
  }
}

function check(holds: boolean, need: string, got: number): void {
  if (!holds) throw new RangeError(`Cannot make shedder: need ${need}, got ${got}`);
}

function dropAlert(report: ShedderReport): string {
  const { level, lagMs, inFlight, averageInFlight, limit, maxPass, minLatencyMs } = report;
  return `shedder refuses requests: level ${level.toFixed(0)}, lag ${lagMs.toFixed(1)} ms, ` +
    `${inFlight} in flight (average ${averageInFlight.toFixed(2)}), limit ${limit.toFixed(2)}, ` +
    `maxPass ${maxPass}, minRt ${minLatencyMs.toFixed(2)} ms`;
}
