import { type Clock, systemClock } from "../clock.ts";
import type { Logger } from "../log/logger.ts";
import { reasonOf } from "../log/value_renderer.ts";
import { CpuUsage } from "../stat/cpu_usage.ts";
import type { ProfilingConfig } from "./sections.ts";

/**
 * Takes profiles and pushes them to a server, from when it is started until it is disposed. None comes
 * with the framework: the push protocols of profile servers want formats that V8 does not write.
 */
export interface ContinuousProfiler {
  /** Starts. `config` has the address of the server and what to take. */
  start(config: ProfilingConfig): AsyncDisposable | Promise<AsyncDisposable>;
}

/** Options for {@link profileUnderLoad}. */
export interface ProfileUnderLoadOptions {
  /** Takes the profiles. */
  profiler: ContinuousProfiler;
  /** Told when the profiler starts, stops and fails. */
  logger: Pick<Logger, "info" | "error">;
  /** How busy this thread is. @default {of this process} */
  cpu?: Pick<CpuUsage, "milliCpu"> | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/**
 * Runs a profiler while there is something to see: every `CheckInterval` it looks at the processor, and
 * at `CpuThreshold` or more the profiler runs for `ProfilingDuration`.
 */
export function profileUnderLoad(
  config: ProfilingConfig,
  options: ProfileUnderLoadOptions,
): AsyncDisposable {
  return new LoadWatch(config, options);
}

class LoadWatch implements AsyncDisposable {
  readonly #config: ProfilingConfig;
  readonly #options: ProfileUnderLoadOptions;
  readonly #clock: Clock;
  readonly #stopping = new AbortController();
  readonly #watching: Promise<void>;

  constructor(config: ProfilingConfig, options: ProfileUnderLoadOptions) {
    this.#config = config;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#watching = this.#watch();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort(new DOMException("Profiling is stopping", "AbortError"));
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { CheckInterval, CpuThreshold } = this.#config;
    const { cpu = new CpuUsage({ clock: this.#clock }) } = this.#options;
    while (await this.#waited(CheckInterval)) {
      if (cpu.milliCpu() >= CpuThreshold) await this.#profile();
    }
  }

  async #profile(): Promise<void> {
    const { profiler, logger } = this.#options;
    try {
      await using _profiling = await profiler.start(this.#config);
      logger.info(`Profiling to ${placeOf(this.#config.ServerAddr)}: the processor is busy`);
      await this.#waited(this.#config.ProfilingDuration);
    } catch (error) {
      logger.error(`Cannot profile: ${reasonOf(error)}`, { error });
    }
  }

  /** Whether the time passed without a stop. */
  #waited(durationMs: number): Promise<boolean> {
    const { signal } = this.#stopping;
    return this.#clock.sleep(durationMs, { signal }).then(() => true, () => false);
  }
}

/** The address without what may be a password in it. */
function placeOf(address: string): string {
  return URL.parse(address)?.host || "its server";
}
