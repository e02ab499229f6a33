import { assertEquals, assertThrows } from "@std/assert";
import { renderText } from "./exposition.ts";
import { mergeSnapshots } from "./merge.ts";
import { MetricRegistry } from "./registry.ts";
import type { MetricFamily } from "./snapshot.ts";

/** The snapshot of a worker, as it arrives: cloned. */
function worker(fill: (registry: MetricRegistry) => void): MetricFamily[] {
  const registry = new MetricRegistry();
  fill(registry);
  return structuredClone(registry.snapshot());
}

function samples(families: readonly MetricFamily[]): string[] {
  return renderText(families).split("\n").filter((line) => line && !line.startsWith("#"));
}

Deno.test("mergeSnapshots() adds counters up by labels", () => {
  const one = worker((it) => it.counter({ name: "a_total", labels: ["x"] }).labels("1").inc(2));
  const two = worker((it) => {
    const vec = it.counter({ name: "a_total", labels: ["x"] });
    vec.labels("2").inc(5);
    vec.labels("1").inc(3);
  });
  assertEquals(samples(mergeSnapshots([one, two])), ['a_total{x="1"} 5', 'a_total{x="2"} 5']);
});

const rules = [
  { merge: "sum", value: 6 },
  { merge: "max", value: 3 },
  { merge: "min", value: 1 },
] as const;

for (const { merge, value } of rules) {
  Deno.test(`mergeSnapshots() makes the ${merge} of gauges that say so`, () => {
    const workers = [2, 3, 1].map((it) => worker((to) => to.gauge({ name: "g", merge }).set(it)));
    assertEquals(samples(mergeSnapshots(workers)), [`g ${value}`]);
  });
}

Deno.test("mergeSnapshots() adds buckets up", () => {
  const workers = [[0.5, 7], [1.5]].map((values) =>
    worker((it) => {
      const histogram = it.histogram({ name: "h", buckets: [1, 2] });
      for (const value of values) histogram.observe(value);
    })
  );
  assertEquals(samples(mergeSnapshots(workers)), [
    'h_bucket{le="1"} 1',
    'h_bucket{le="2"} 2',
    'h_bucket{le="+Inf"} 3',
    "h_sum 9",
    "h_count 3",
  ]);
});

Deno.test("mergeSnapshots() keeps what only some have, and makes nothing of nothing", () => {
  const one = worker((it) => it.gauge({ name: "a" }).set(1));
  const two = worker((it) => it.gauge({ name: "b" }).set(2));
  assertEquals(samples(mergeSnapshots([one, [], two])), ["a 1", "b 2"]);
  assertEquals(mergeSnapshots([]), []);
});

Deno.test("mergeSnapshots() keeps an exemplar of each bucket", () => {
  const histogram = (registry: MetricRegistry) =>
    registry.histogram({ name: "ms", buckets: [1, 2] });
  const one = worker((it) => histogram(it).observe(0, { traceId: "a" }));
  const two = worker((it) => {
    histogram(it).observe(0, { traceId: "b" });
    histogram(it).observe(5, { traceId: "c" });
  });
  const none = worker((it) => histogram(it).observe(0));
  const exemplarsOf = (...snapshots: MetricFamily[][]) => {
    const [family] = mergeSnapshots(snapshots).filter(({ name }) => name === "ms");
    return family?.type === "histogram" ? family.series[0]?.exemplars : undefined;
  };
  const [a, b, c] = [
    { traceId: "a", value: 0 },
    { traceId: "b", value: 0 },
    { traceId: "c", value: 5 },
  ];
  assertEquals(exemplarsOf(one, two), [a, undefined, c]);
  assertEquals(exemplarsOf(none, two), [b, undefined, c]);
  assertEquals(exemplarsOf(none, none), undefined);
});

type Fill = (registry: MetricRegistry) => void;

const differences: [what: string, left: Fill, right: Fill][] = [
  ["type", (it) => it.gauge({ name: "m" }).inc(), (it) => it.counter({ name: "m" }).inc()],
  [
    "labels",
    (it) => it.gauge({ name: "m", labels: ["a"] }).labels("1").inc(),
    (it) => it.gauge({ name: "m", labels: ["b"] }).labels("1").inc(),
  ],
  [
    "buckets",
    (it) => it.histogram({ name: "m", buckets: [1] }).observe(1),
    (it) => it.histogram({ name: "m", buckets: [2] }).observe(1),
  ],
];

for (const [what, left, right] of differences) {
  Deno.test(`mergeSnapshots() refuses workers that differ in ${what}`, () => {
    const snapshots = [worker(left), worker(right)];
    assertThrows(
      () => mergeSnapshots(snapshots),
      TypeError,
      `metric "m": workers differ in ${what}`,
    );
  });
}
