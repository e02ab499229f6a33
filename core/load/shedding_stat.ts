import { type Clock, systemClock, type Timer } from "../clock.ts";
import type { Logger } from "../log/logger.ts";
import { noopLogger } from "../log/logger.ts";

/** What a shedder did in an interval. */
export interface SheddingCounts {
  /** Requests that asked. */
  readonly total: number;
  /** Requests that were served. */
  readonly pass: number;
  /** Requests that were refused. */
  readonly drop: number;
}

/** Options for {@link SheddingStat}. */
export interface SheddingStatOptions {
  /** Takes the line. @default {noopLogger} */
  logger?: Logger | undefined;
  /** Processor load to name in the line, 0 to 1000. @default {() => 0} */
  milliCpu?: (() => number) | undefined;
  /** Time between two lines, in ms, > 0. @default {60_000} */
  intervalMs?: number | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/**
 * Counts what a shedder does and logs it each minute; a minute without requests has no line, and after
 * it the timer rests until the next request.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * using stat = new SheddingStat("api");
 * stat.incrementTotal();
 * stat.incrementDrop();
 * assertEquals(stat.take(), { total: 1, pass: 0, drop: 1 });
 * ```
 */
export class SheddingStat implements Disposable {
  readonly #name: string;
  readonly #logger: Logger;
  readonly #milliCpu: () => number;
  readonly #intervalMs: number;
  readonly #clock: Clock;
  #timer: Timer | undefined;
  #disposed = false;
  #total = 0;
  #pass = 0;
  #drop = 0;

  /**
   * Makes counters at 0.
   *
   * @param name The kind of server, `api` or `rpc`.
   * @throws {RangeError} If `intervalMs` is not above 0.
   */
  constructor(name: string, options: SheddingStatOptions = {}) {
    const { intervalMs = 60_000 } = options;
    if (!(intervalMs > 0)) {
      throw new RangeError(`Cannot count sheds: need intervalMs > 0, got ${intervalMs}`);
    }
    this.#name = name;
    this.#logger = options.logger ?? noopLogger;
    this.#milliCpu = options.milliCpu ?? (() => 0);
    this.#intervalMs = intervalMs;
    this.#clock = options.clock ?? systemClock;
  }

  /** A request asked. */
  incrementTotal(): void {
    this.#total++;
    this.#start();
  }

  /** A request was served. */
  incrementPass(): void {
    this.#pass++;
    this.#start();
  }

  /** A request was refused. */
  incrementDrop(): void {
    this.#drop++;
    this.#start();
  }

  /** The counts since the last time they were taken, which are 0 from here on. */
  take(): SheddingCounts {
    const counts = { total: this.#total, pass: this.#pass, drop: this.#drop };
    this.#total = this.#pass = this.#drop = 0;
    return counts;
  }

  /** Logs what is left and stops the timer. Counts from here on are not logged. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    if (this.#timer) this.#report();
    this.#stop();
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
    const { total, pass, drop } = this.take();
    if (total + pass + drop === 0) return this.#stop();
    const label = drop > 0 ? "shedding_stat_drop" : "shedding_stat";
    const cpu = Math.round(this.#milliCpu());
    this.#logger.stat(
      `(${this.#name}) ${label} [1m], cpu: ${cpu}, total: ${total}, pass: ${pass}, drop: ${drop}`,
    );
  }
}
