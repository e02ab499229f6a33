import { type Clock, type Random, systemClock, systemRandom, type Timer } from "../clock.ts";
import { type Logger, noopLogger } from "../log/logger.ts";
import { percentiles } from "./percentiles.ts";
import type { ReportWriter, StatReport } from "./report_writer.ts";

/** Options for {@link RequestStats}. */
export interface RequestStatsOptions {
  /** Time between two reports, in ms, > 0. @default {60_000} */
  intervalMs?: number | undefined;
  /** Most times kept in an interval, an integer >= 1; beyond, a fair sample of them. @default {65_536} */
  maxSamples?: number | undefined;
  /** Takes the stat line, and what the writer throws. @default {noopLogger} */
  logger?: Logger | undefined;
  /** Takes each report. */
  writer?: ReportWriter | undefined;
  /** Number of the process in the reports. @default {Deno.pid} */
  pid?: number | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
  /** Uniform in [0, 1), for the sample. @default {systemRandom} */
  random?: Random | undefined;
}

/**
 * Times of requests, reported each minute: how many, how fast, how many refused. A minute without
 * requests has no report, and after it the timer rests until the next request.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * using stats = new RequestStats("orders");
 * for (let i = 0; i < 10; i++) stats.add(i);
 * stats.addDrop();
 * const { med, t90, drops } = stats.take();
 * assertEquals({ med, t90, drops }, { med: 5, t90: 9, drops: 1 });
 * ```
 */
export class RequestStats implements Disposable {
  /** What is reported on; may be changed at any time. */
  name: string;
  readonly #intervalMs: number;
  readonly #maxSamples: number;
  readonly #logger: Logger;
  readonly #writer: ReportWriter | undefined;
  readonly #pid: number;
  readonly #clock: Clock;
  readonly #random: Random;
  #durationsMs: number[] = [];
  #count = 0;
  #totalMs = 0;
  #drops = 0;
  #timer: Timer | undefined;
  #disposed = false;

  /**
   * Makes an empty collector; it holds no timer until something is added.
   *
   * @throws {RangeError} If a number is out of range.
   */
  constructor(name: string, options: RequestStatsOptions = {}) {
    const { intervalMs = 60_000, maxSamples = 65_536 } = options;
    if (!(intervalMs > 0)) {
      throw new RangeError(`Cannot collect stats: need intervalMs > 0, got ${intervalMs}`);
    }
    if (!(Number.isInteger(maxSamples) && maxSamples >= 1)) {
      throw new RangeError(
        `Cannot collect stats: need an integer maxSamples >= 1, got ${maxSamples}`,
      );
    }
    this.name = name;
    this.#intervalMs = intervalMs;
    this.#maxSamples = maxSamples;
    this.#logger = options.logger ?? noopLogger;
    this.#writer = options.writer;
    this.#pid = options.pid ?? Deno.pid;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? systemRandom;
  }

  /** Adds a request that took `durationMs`. */
  add(durationMs: number): void {
    this.#count++;
    this.#totalMs += durationMs;
    if (this.#durationsMs.length < this.#maxSamples) this.#durationsMs.push(durationMs);
    else this.#replaceOne(durationMs);
    this.#start();
  }

  /** Adds a request that was refused. */
  addDrop(): void {
    this.#drops++;
    this.#start();
  }

  /** The report of what was added since the last one; begins anew. */
  take(): StatReport {
    const { median, p90, p99, p999 } = percentiles(this.#durationsMs);
    const report: StatReport = {
      name: this.name,
      tm: Math.floor(this.#clock.wallTime() / 1000),
      pid: this.#pid,
      qps: this.#count / (this.#intervalMs / 1000),
      drops: this.#drops,
      avg: this.#count === 0 ? 0 : Math.floor(this.#totalMs) / this.#count,
      med: median,
      t90: p90,
      t99: p99,
      t99p9: p999,
    };
    this.#durationsMs = [];
    this.#count = this.#totalMs = this.#drops = 0;
    return report;
  }

  /** Reports what is left and stops the timer. What is added from here on is not reported. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    if (this.#timer) this.#report();
    this.#stop();
  }

  /** Each time of the interval has the same chance to be kept: Vitter's algorithm R. */
  #replaceOne(durationMs: number): void {
    const index = Math.floor(this.#random() * this.#count);
    if (index < this.#maxSamples) this.#durationsMs[index] = durationMs;
  }

  #start(): void {
    if (this.#timer !== undefined || this.#disposed) return;
    this.#timer = this.#clock.setInterval(() => this.#report(), this.#intervalMs);
  }

  #stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #report(): void {
    if (this.#count + this.#drops === 0) return this.#stop();
    const report = this.take();
    this.#logger.stat(statLine(report));
    this.#write(report);
  }

  async #write(report: StatReport): Promise<void> {
    try {
      await this.#writer?.write(report);
    } catch (error) {
      this.#logger.error("Cannot submit stat report", { error });
    }
  }
}

/**
 * A report as a line of text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * using stats = new RequestStats("bar");
 * assertEquals(
 *   statLine(stats.take()),
 *   "(bar) - qps: 0.0/s, drops: 0, avg time: 0.0ms, med: 0.0ms, 90th: 0.0ms, 99th: 0.0ms, 99.9th: 0.0ms",
 * );
 * ```
 */
export function statLine(report: StatReport): string {
  const { name, qps, drops, avg, med, t90, t99, t99p9 } = report;
  const ms = (value: number) => `${value.toFixed(1)}ms`;
  return `(${name}) - qps: ${qps.toFixed(1)}/s, drops: ${drops}, avg time: ${ms(avg)}, ` +
    `med: ${ms(med)}, 90th: ${ms(t90)}, 99th: ${ms(t99)}, 99.9th: ${ms(t99p9)}`;
}
