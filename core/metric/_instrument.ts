import type { Histogram } from "./histogram.ts";
import type { FamilyHead, HistogramFamily, ScalarFamily } from "./snapshot.ts";
import type { MetricVec } from "./vec.ts";

/** A metric as its registry holds it. */
export interface Instrument<Handle> {
  readonly head: FamilyHead;
  readonly vec: MetricVec<readonly string[], Handle>;
  /** Values of the labels that every series of the registry carries. */
  readonly constValues: readonly string[];
}

/** Reads counters or gauges. */
export function readScalars(
  type: ScalarFamily["type"],
): (instrument: Instrument<{ readonly value: number }>) => ScalarFamily {
  return ({ head, vec, constValues }) => ({
    ...head,
    type,
    series: Array.from(vec, ({ labels, handle }) => ({
      labels: [...constValues, ...labels],
      value: handle.value,
    })),
  });
}

/** Reads histograms. */
export function readHistograms(
  bounds: readonly number[],
): (instrument: Instrument<Histogram>) => HistogramFamily {
  return ({ head, vec, constValues }) => ({
    ...head,
    type: "histogram",
    bounds,
    series: Array.from(vec, ({ labels, handle }) => ({
      labels: [...constValues, ...labels],
      ...handle.read(),
    })),
  });
}
