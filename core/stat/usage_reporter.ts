import { type Clock, systemClock, type Timer } from "../clock.ts";
import { type Logger, noopLogger } from "../log/logger.ts";
import type { CpuUsage } from "./cpu_usage.ts";

/** Memory of the process, in bytes. */
export interface MemoryUsage {
  /** In use by JavaScript. */
  readonly heapUsed: number;
  /** Held for JavaScript. */
  readonly heapTotal: number;
  /** Held by the process in all. */
  readonly rss: number;
  /** Held outside of the heap for JavaScript. */
  readonly external: number;
}

/** Options for {@link UsageReporter}. */
export interface UsageReporterOptions {
  /** The processor; it is sampled more often than lines are written. */
  cpu: Pick<CpuUsage, "milliCpu">;
  /** Takes the line. @default {noopLogger} */
  logger?: Logger | undefined;
  /** Memory of the process. @default {Deno.memoryUsage} */
  memory?: (() => MemoryUsage) | undefined;
  /** Time between two lines, in ms, > 0. @default {60_000} */
  intervalMs?: number | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/** How often the processor is looked at, in ms. */
const SAMPLE_MS = 250;

const MIB = 1024 * 1024;

/**
 * Logs each minute what the process uses. The timers do not keep the process alive.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const memory = () => ({ heapUsed: 1048576, heapTotal: 2097152, rss: 3145728, external: 0 });
 * using reporter = new UsageReporter({ cpu: { milliCpu: () => 250 }, memory });
 * assertEquals(
 *   reporter.line(),
 *   "CPU: 250m, MEMORY: Alloc=1.0Mi, TotalAlloc=2.0Mi, Sys=3.0Mi, External=0.0Mi",
 * );
 * ```
 */
export class UsageReporter implements Disposable {
  readonly #cpu: Pick<CpuUsage, "milliCpu">;
  readonly #memory: () => MemoryUsage;
  readonly #timers: readonly Timer[];

  /**
   * Makes a reporter and starts it.
   *
   * @throws {RangeError} If `intervalMs` is not above 0.
   */
  constructor(options: UsageReporterOptions) {
    const { intervalMs = 60_000, clock = systemClock, logger = noopLogger } = options;
    if (!(intervalMs > 0)) {
      throw new RangeError(`Cannot report usage: need intervalMs > 0, got ${intervalMs}`);
    }
    this.#cpu = options.cpu;
    this.#memory = options.memory ?? Deno.memoryUsage;
    this.#timers = [
      clock.setInterval(() => this.#cpu.milliCpu(), SAMPLE_MS),
      clock.setInterval(() => logger.stat(this.line()), intervalMs),
    ];
  }

  /** The line as it would be written now. The runtime does not tell how often garbage was collected. */
  line(): string {
    const { heapUsed, heapTotal, rss, external } = this.#memory();
    const mib = (bytes: number) => `${(bytes / MIB).toFixed(1)}Mi`;
    return `CPU: ${Math.round(this.#cpu.milliCpu())}m, MEMORY: Alloc=${mib(heapUsed)}, ` +
      `TotalAlloc=${mib(heapTotal)}, Sys=${mib(rss)}, External=${mib(external)}`;
  }

  /** Stops the timers. */
  [Symbol.dispose](): void {
    for (const timer of this.#timers) timer.cancel();
  }
}
