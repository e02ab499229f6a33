/**
 * What a process uses and how it does: processor, event loop and memory, times of requests, alerts.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { CpuUsage, LoopLag } from "@zeno/zeno/core/stat";
 *
 * using lag = new LoopLag();
 * const cpu = new CpuUsage();
 * assert(lag.lagMs() >= 0 && cpu.milliCpu() <= 1000);
 * ```
 *
 * @module
 */

export { AlertReporter, type AlertReporterOptions } from "./alert_reporter.ts";
export { CpuUsage, type CpuUsageOptions, processCpuMs } from "./cpu_usage.ts";
export { LoopLag, type LoopLagOptions } from "./loop_lag.ts";
export { type Percentiles, percentiles } from "./percentiles.ts";
export { PointProfiler, type PointProfilerOptions, type PointStat } from "./point_profiler.ts";
export {
  remoteWriter,
  type RemoteWriterOptions,
  type ReportWriter,
  type StatReport,
} from "./report_writer.ts";
export { RequestStats, type RequestStatsOptions, statLine } from "./request_stats.ts";
export { type MemoryUsage, UsageReporter, type UsageReporterOptions } from "./usage_reporter.ts";
