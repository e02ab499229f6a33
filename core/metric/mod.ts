/**
 * Figures for Prometheus: counters, gauges and histograms that cost a few nanoseconds.
 *
 * A {@link MetricRegistry} is an object; {@link defaultRegistry} is there for code that is given none.
 * Whatever is registered counts: there is no switch to forget.
 *
 * @example Measure and show
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MetricRegistry, metricsResponse } from "@zeno/zeno/core/metric";
 *
 * const registry = new MetricRegistry();
 * const latency = registry.histogram({
 *   name: "job_duration_seconds",
 *   labels: ["kind"],
 *   buckets: [0.1, 1, 10],
 * });
 * const mail = latency.labels("mail"); // Once, not for each job.
 * mail.observe(0.5);
 *
 * const response = metricsResponse(registry, new Request("http://localhost/metrics"));
 * assertEquals((await response.text()).split("\n")[2], 'job_duration_seconds_bucket{kind="mail",le="1"} 1');
 * ```
 *
 * @module
 */

export * from "./counter.ts";
export * from "./exposition.ts";
export * from "./gauge.ts";
export {
  type BucketExemplar,
  type Exemplar,
  Histogram,
  type HistogramCounts,
} from "./histogram.ts";
export * from "./merge.ts";
export { metricName, type MetricNameParts } from "./name.ts";
export * from "./registry.ts";
export * from "./request_metrics.ts";
export * from "./respond.ts";
export * from "./runtime_metrics.ts";
export * from "./snapshot.ts";
export * from "./store_metrics.ts";
export {
  type LabelValues,
  MetricVec,
  type MetricVecOptions,
  OVERFLOW_LABEL,
  type Series,
} from "./vec.ts";
