import { type Clock, systemClock, type Timer } from "../clock.ts";
import { type Logger, noopLogger } from "../log/logger.ts";

/** Options for {@link PointProfiler}. */
export interface PointProfilerOptions {
  /** Takes the figures, at level stat. @default {noopLogger} */
  logger?: Logger | undefined;
  /** Time between two looks, in ms, > 0. @default {300_000} */
  intervalMs?: number | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/** What one point of a program has cost. */
export interface PointStat {
  /** What the point is called. */
  readonly name: string;
  /** How often it was passed since the profiler was made. */
  readonly count: number;
  /** Mean time it took, in ms. */
  readonly averageMs: number;
  /** How often it was passed since the last look. */
  readonly lastCount: number;
  /** Mean time it took since then, in ms; 0 if it was not passed. */
  readonly lastAverageMs: number;
}

class Figures {
  count = 0;
  totalMs = 0;
  lastCount = 0;
  lastTotalMs = 0;
}

class Point implements Disposable {
  #record: ((name: string, tookMs: number) => void) | undefined;

  constructor(
    record: (name: string, tookMs: number) => void,
    readonly name: string,
    readonly clock: Clock,
    readonly startedMs = clock.now(),
  ) {
    this.#record = record;
  }

  [Symbol.dispose](): void {
    const record = this.#record;
    this.#record = undefined;
    record?.(this.name, this.clock.now() - this.startedMs);
  }
}

/**
 * Measures what chosen points of a program cost, over its life and since the last look, and logs both
 * every five minutes. For questions that a CPU profile does not answer, such as how long a call waits.
 * It has no timer until a point is passed, and rests after an interval in which none was.
 *
 * Every name is kept, so names must be few: no ids in them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FakeClock } from "../testing/fake_clock.ts";
 * const clock = new FakeClock();
 * using profiler = new PointProfiler({ clock });
 * {
 *   using _ = profiler.start("load user");
 *   clock.elapse(30);
 * }
 * assertEquals(profiler.stats()[0]?.averageMs, 30);
 * ```
 */
export class PointProfiler implements Disposable {
  readonly #logger: Logger;
  readonly #intervalMs: number;
  readonly #clock: Clock;
  readonly #points = new Map<string, Figures>();
  readonly #record = (name: string, tookMs: number) => this.#add(name, tookMs);
  #timer: Timer | undefined;
  #disposed = false;

  /**
   * Makes a profiler that has seen nothing.
   *
   * @throws {RangeError} If `intervalMs` is not above 0.
   */
  constructor(options: PointProfilerOptions = {}) {
    const { intervalMs = 300_000, logger = noopLogger, clock = systemClock } = options;
    if (!(intervalMs > 0)) {
      throw new RangeError(`Cannot profile points: need intervalMs > 0, got ${intervalMs}`);
    }
    this.#logger = logger;
    this.#intervalMs = intervalMs;
    this.#clock = clock;
  }

  /** A point is entered; disposing the answer leaves it, once. */
  start(name: string): Disposable {
    return new Point(this.#record, name, this.#clock);
  }

  /** What each point has cost, in the order they were first left. */
  stats(): PointStat[] {
    return Array.from(this.#points, ([name, { count, totalMs, lastCount, lastTotalMs }]) => ({
      name,
      count,
      averageMs: totalMs / count,
      lastCount,
      lastAverageMs: lastCount === 0 ? 0 : lastTotalMs / lastCount,
    }));
  }

  /** Logs what has not been logged yet, and stops the timer. Points left later are not counted. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    if (this.#timer) this.#report();
    this.#stop();
  }

  #add(name: string, tookMs: number): void {
    if (this.#disposed) return;
    let figures = this.#points.get(name);
    if (!figures) this.#points.set(name, figures = new Figures());
    figures.count++;
    figures.totalMs += tookMs;
    figures.lastCount++;
    figures.lastTotalMs += tookMs;
    this.#timer ??= this.#clock.setInterval(() => this.#report(), this.#intervalMs);
  }

  #report(): void {
    const stats = this.stats();
    if (stats.every(({ lastCount }) => lastCount === 0)) return this.#stop();
    const lines = stats.map(({ name, count, averageMs, lastCount, lastAverageMs }) => {
      const last = lastCount === 0 ? "-,-" : `${lastCount},${lastAverageMs.toFixed(3)}ms`;
      return `${name},${count},${averageMs.toFixed(3)}ms,${last}`;
    });
    this.#logger.stat(["name,count,average,last count,last average", ...lines].join("\n"));
    for (const figures of this.#points.values()) figures.lastCount = figures.lastTotalMs = 0;
  }

  #stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
