import { type Clock, systemClock } from "../clock.ts";
import { processFigures } from "../metric/process_figures.ts";
import type { MetricRegistry } from "../metric/registry.ts";
import { httpServerMetrics, rpcServerMetrics } from "../metric/request_metrics.ts";
import { processId } from "../proc/process_info.ts";
import { CpuUsage } from "../stat/cpu_usage.ts";
import { type LagState, LagWatch } from "./_lag_watch.ts";

/** What the process is doing now. */
export interface ProcessState {
  readonly pid: number;
  readonly wallTimeMs: number;
  readonly uptimeSeconds: number;
  /** How late the event loop was. */
  readonly lag: LagState;
  /** Thousandths of one processor. */
  readonly milliCpu: number;
  readonly memory: {
    readonly rss: number;
    readonly heapUsed: number;
    readonly heapTotal: number;
    readonly external: number;
  };
  /** Requests answered since the start, by the hundreds of their status, or by gRPC code. */
  readonly requests: Readonly<Record<string, number>>;
}

/** Looks at the process while somebody asks; holds no timer before and none after. */
export class ProcessWatch implements Disposable {
  readonly #clock: Clock;
  readonly #lag: LagWatch;
  readonly #cpu: CpuUsage;
  readonly #metrics: MetricRegistry | undefined;

  constructor(options: { clock?: Clock | undefined; metrics: MetricRegistry | undefined }) {
    const { clock = systemClock } = options;
    this.#clock = clock;
    this.#lag = new LagWatch(clock);
    // Half of each second's figure is new: a person who watches wants to see what happens now.
    this.#cpu = new CpuUsage({ clock, keep: 0.8 });
    this.#metrics = options.metrics;
  }

  state(): ProcessState {
    const { rss, heapUsed, heapTotal, external } = processFigures.memory();
    return {
      pid: processId(),
      wallTimeMs: this.#clock.wallTime(),
      uptimeSeconds: processFigures.uptime(),
      lag: this.#lag.state(),
      milliCpu: this.#cpu.milliCpu(),
      memory: { rss, heapUsed, heapTotal, external },
      requests: this.#metrics ? requestTotals(this.#metrics) : {},
    };
  }

  [Symbol.dispose](): void {
    this.#lag[Symbol.dispose]();
  }
}

/** Reads the counters themselves: a snapshot would reset what is kept from one scrape to the next. */
function requestTotals(metrics: MetricRegistry): Record<string, number> {
  const totals: Record<string, number> = {};
  const add = (kind: string, count: number) => totals[kind] = (totals[kind] ?? 0) + count;
  for (const { labels, handle } of httpServerMetrics(metrics).codes) {
    add(`${labels[2]?.[0]}xx`, handle.value);
  }
  for (const { labels, handle } of rpcServerMetrics(metrics).codes) {
    add(labels[1] ?? "", handle.value);
  }
  return totals;
}
