import type {
  HistogramFamily,
  HistogramSeries,
  MergeRule,
  MetricFamily,
  ScalarFamily,
  ScalarSeries,
} from "./snapshot.ts";

/**
 * Makes one set of metrics of those of several workers. Series with the same name and labels become
 * one, by the rule of their metric: their sum, or the largest or smallest of them. Buckets are always
 * added up. Metrics and series come in the order in which they are first seen.
 *
 * A snapshot is plain data: workers send theirs with `postMessage`.
 *
 * @throws {TypeError} If one name has another type, other labels or other buckets in one of them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MetricRegistry, renderText } from "@zeno/zeno/core/metric";
 * const workers = [1, 2].map((served) => {
 *   const registry = new MetricRegistry();
 *   registry.counter({ name: "served_total" }).inc(served);
 *   return registry.snapshot();
 * });
 * assertEquals(renderText(mergeSnapshots(workers)), "# TYPE served_total counter\nserved_total 3\n");
 * ```
 */
export function mergeSnapshots(snapshots: readonly (readonly MetricFamily[])[]): MetricFamily[] {
  const merged = new Map<string, MetricFamily>();
  for (const snapshot of snapshots) {
    for (const family of snapshot) {
      const known = merged.get(family.name);
      merged.set(family.name, known ? mergeFamilies(known, family) : family);
    }
  }
  return [...merged.values()];
}

function mergeFamilies(left: MetricFamily, right: MetricFamily): MetricFamily {
  const fault = difference(left, right);
  if (fault) throw new TypeError(`Cannot merge metric "${left.name}": workers differ in ${fault}`);
  return left.type === "histogram"
    ? mergeHistograms(left, right as HistogramFamily)
    : mergeScalars(left, right as ScalarFamily);
}

function difference(left: MetricFamily, right: MetricFamily): string | undefined {
  if (left.type !== right.type) return "type";
  if (!same(left.labelNames, right.labelNames)) return "labels";
  const leftBounds = left.type === "histogram" ? left.bounds : [];
  const rightBounds = right.type === "histogram" ? right.bounds : [];
  return same(leftBounds, rightBounds) ? undefined : "buckets";
}

function same(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, at) => item === right[at]);
}

function mergeScalars(left: ScalarFamily, right: ScalarFamily): ScalarFamily {
  const combine = COMBINE[left.merge];
  const series = mergeSeries<ScalarSeries>(left.series, right.series, (one, other) => ({
    labels: one.labels,
    value: combine(one.value, other.value),
  }));
  return { ...left, series };
}

function mergeHistograms(left: HistogramFamily, right: HistogramFamily): HistogramFamily {
  const series = mergeSeries<HistogramSeries>(left.series, right.series, (one, other) => ({
    labels: one.labels,
    counts: one.counts.map((count, at) => count + (other.counts[at] ?? 0)),
    sum: one.sum + other.sum,
    ...mergeExemplars(one, other),
  }));
  return { ...left, series };
}

function mergeExemplars(
  one: HistogramSeries,
  other: HistogramSeries,
): Pick<HistogramSeries, "exemplars"> {
  if (!one.exemplars || !other.exemplars) {
    const exemplars = one.exemplars ?? other.exemplars;
    return exemplars ? { exemplars } : {};
  }
  return { exemplars: one.exemplars.map((exemplar, at) => exemplar ?? other.exemplars?.[at]) };
}

function mergeSeries<Series extends { readonly labels: readonly string[] }>(
  left: readonly Series[],
  right: readonly Series[],
  combine: (one: Series, other: Series) => Series,
): Series[] {
  const merged = new Map(left.map((series) => [JSON.stringify(series.labels), series]));
  for (const series of right) {
    const key = JSON.stringify(series.labels);
    const known = merged.get(key);
    merged.set(key, known ? combine(known, series) : series);
  }
  return [...merged.values()];
}

const COMBINE: Readonly<Record<MergeRule, (one: number, other: number) => number>> = {
  sum: (one, other) => one + other,
  max: Math.max,
  min: Math.min,
};
