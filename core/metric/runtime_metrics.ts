import { type Clock, systemClock, type Timer } from "../clock.ts";
import { type ProcessFigures, processFigures } from "./process_figures.ts";
import type { Counter } from "./counter.ts";
import type { Gauge } from "./gauge.ts";
import type { Histogram } from "./histogram.ts";
import type { MetricRegistry } from "./registry.ts";
import type { MergeRule } from "./snapshot.ts";

export type { ProcessFigures };

/** Options for {@link runtimeMetrics}. */
export interface RuntimeMetricsOptions {
  /** Time between two looks at the event loop, in ms, > 0. @default {50} */
  lagPeriodMs?: number;
  /** Time source. @default {systemClock} */
  clock?: Clock;
  /** Where the figures come from. @default {the process this runs in} */
  figures?: ProcessFigures;
}

const LAG_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Collectors by registry: a second one would count the same seconds twice. */
const running = new WeakMap<MetricRegistry, { collector: RuntimeCollector; users: number }>();

/**
 * Adds the figures of the process and of its event loop to a registry. Disposing the answer takes
 * them out again; while several have asked for the same registry, the last one does.
 *
 * | metric | type | rule for workers |
 * |---|---|---|
 * | `process_cpu_seconds_total`, `process_cpu_user_seconds_total`, `process_cpu_system_seconds_total` | counter | max |
 * | `process_resident_memory_bytes` | gauge | max |
 * | `process_start_time_seconds`, since the Unix epoch | gauge | min |
 * | `process_uptime_seconds` | gauge | max |
 * | `runtime_heap_used_bytes`, `runtime_heap_total_bytes`, `runtime_external_memory_bytes` | gauge | sum |
 * | `runtime_event_loop_lag_seconds`: how late a timer fired | histogram | sum |
 * | `runtime_event_loop_lag_max_seconds`: the worst since the last snapshot | gauge | max |
 *
 * Workers that are threads of one process read the same process figures, hence the rules. No
 * permission is needed, and the timer does not keep the process alive.
 *
 * @throws {RangeError} If `lagPeriodMs` is not above 0.
 *
 * @example
 * ```ts
 * import { assertMatch } from "@std/assert";
 * import { MetricRegistry, renderText } from "@zeno/zeno/core/metric";
 * const registry = new MetricRegistry();
 * using _runtime = runtimeMetrics(registry);
 * assertMatch(renderText(registry.snapshot()), /^process_resident_memory_bytes \d+$/m);
 * ```
 */
export function runtimeMetrics(
  registry: MetricRegistry,
  options: RuntimeMetricsOptions = {},
): Disposable {
  const { lagPeriodMs = 50, clock = systemClock, figures = processFigures } = options;
  if (!(lagPeriodMs > 0)) {
    throw new RangeError(`Cannot measure event-loop lag: need lagPeriodMs > 0, got ${lagPeriodMs}`);
  }
  const shared = running.get(registry) ??
    { collector: new RuntimeCollector(registry, { lagPeriodMs, clock, figures }), users: 0 };
  running.set(registry, shared);
  shared.users++;
  let disposed = false;
  return {
    [Symbol.dispose]() {
      if (disposed) return;
      disposed = true;
      if (--shared.users > 0) return;
      running.delete(registry);
      shared.collector[Symbol.dispose]();
    },
  };
}

class RuntimeCollector implements Disposable {
  readonly #registry: MetricRegistry;
  readonly #options: Required<RuntimeMetricsOptions>;
  readonly #names: string[] = [];
  readonly #collected: (() => void)[] = [];
  readonly #removals: (() => void)[];
  readonly #timer: Timer;
  readonly #lag: Histogram;
  #worstLagSeconds = 0;

  constructor(registry: MetricRegistry, options: Required<RuntimeMetricsOptions>) {
    this.#registry = registry;
    this.#options = options;
    this.#collectCpu();
    this.#collectMemory();
    this.#collectUptime();
    this.#lag = registry.histogram({
      ...this.#named("runtime_event_loop_lag_seconds", "How late a timer of the event loop fired."),
      buckets: LAG_BUCKETS_SECONDS,
    });
    this.#timer = this.#sampleLag();
    this.#removals = this.#collected.map((collect) => registry.onCollect(collect));
  }

  [Symbol.dispose](): void {
    this.#timer.cancel();
    for (const remove of this.#removals) remove();
    for (const name of this.#names) this.#registry.unregister(name);
  }

  #collectCpu(): void {
    const { figures } = this.#options;
    const total = this.#counter("process_cpu_seconds_total", "Processor time spent.");
    const user = this.#counter("process_cpu_user_seconds_total", "Processor time spent in code.");
    const system = this.#counter(
      "process_cpu_system_seconds_total",
      "Processor time spent in the operating system.",
    );
    this.#collected.push(() => {
      const cpu = figures.cpu();
      raise(user, cpu.user / 1e6);
      raise(system, cpu.system / 1e6);
      raise(total, (cpu.user + cpu.system) / 1e6);
    });
  }

  #collectMemory(): void {
    const { figures } = this.#options;
    const resident = this.#gauge("process_resident_memory_bytes", "Memory held.", "max");
    const used = this.#gauge("runtime_heap_used_bytes", "Memory of live objects.");
    const total = this.#gauge("runtime_heap_total_bytes", "Memory kept for objects.");
    const external = this.#gauge("runtime_external_memory_bytes", "Memory of buffers.");
    this.#collected.push(() => {
      const memory = figures.memory();
      resident.set(memory.rss);
      used.set(memory.heapUsed);
      total.set(memory.heapTotal);
      external.set(memory.external);
    });
  }

  #collectUptime(): void {
    const { figures, clock } = this.#options;
    const help = "When the process began, in seconds since the Unix epoch.";
    const start = this.#gauge("process_start_time_seconds", help, "min");
    const uptime = this.#gauge("process_uptime_seconds", "Age of the process.", "max");
    // Once: a clock that is set must not look like a restart.
    start.set(clock.wallTime() / 1000 - figures.uptime());
    this.#collected.push(() => uptime.set(figures.uptime()));
  }

  #sampleLag(): Timer {
    const { clock, lagPeriodMs } = this.#options;
    const worst = this.#gauge(
      "runtime_event_loop_lag_max_seconds",
      "The latest that a timer fired since the last scrape.",
      "max",
    );
    this.#collected.push(() => {
      worst.set(this.#worstLagSeconds);
      this.#worstLagSeconds = 0;
    });
    let last = clock.now();
    return clock.setInterval(() => {
      const now = clock.now();
      const lagSeconds = Math.max(0, now - last - lagPeriodMs) / 1000;
      last = now;
      this.#lag.observe(lagSeconds);
      this.#worstLagSeconds = Math.max(this.#worstLagSeconds, lagSeconds);
    }, lagPeriodMs);
  }

  #counter(name: string, help: string): Counter {
    return this.#registry.counter({ ...this.#named(name, help), merge: "max" });
  }

  #gauge(name: string, help: string, merge: MergeRule = "sum"): Gauge {
    return this.#registry.gauge({ ...this.#named(name, help), merge });
  }

  #named(name: string, help: string): { name: string; help: string } {
    this.#names.push(name);
    return { name, help };
  }
}

/** Moves a counter up to a total that somebody else keeps. */
function raise(counter: Counter, total: number): void {
  counter.inc(Math.max(0, total - counter.value));
}
