import type { HistogramCounts } from "./histogram.ts";

/** How the same series of several workers become one: see `mergeSnapshots`. */
export type MergeRule = "sum" | "max" | "min";

/** What all families have, whatever their type. */
export interface FamilyHead {
  /** The full name. */
  readonly name: string;
  /** What it means, for people. */
  readonly help: string;
  /** The names of the labels, in the order of the values. */
  readonly labelNames: readonly string[];
  /** How series of several workers become one. */
  readonly merge: MergeRule;
}

/** One series of a counter or a gauge. */
export interface ScalarSeries {
  /** The values of the labels. */
  readonly labels: readonly string[];
  /** The figure. */
  readonly value: number;
}

/** One series of a histogram. */
export interface HistogramSeries extends HistogramCounts {
  /** The values of the labels. */
  readonly labels: readonly string[];
}

/** All series of a counter or a gauge at one moment. */
export interface ScalarFamily extends FamilyHead {
  /** What kind of metric it is. */
  readonly type: "counter" | "gauge";
  /** The series, in the order they began. */
  readonly series: readonly ScalarSeries[];
}

/** All series of a histogram at one moment. */
export interface HistogramFamily extends FamilyHead {
  /** What kind of metric it is. */
  readonly type: "histogram";
  /** The upper bounds of the buckets but the last, which has none. */
  readonly bounds: readonly number[];
  /** The series, in the order they began. */
  readonly series: readonly HistogramSeries[];
}

/** One metric with all its series at one moment. Plain data: `postMessage` can send it. */
export type MetricFamily = ScalarFamily | HistogramFamily;
