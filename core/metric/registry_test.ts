import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { renderText } from "./exposition.ts";
import { metricName, type MetricNameParts } from "./name.ts";
import { type MetricOptions, MetricRegistry } from "./registry.ts";

const names: [parts: MetricNameParts, name: string][] = [
  [{ name: "up" }, "up"],
  [
    { namespace: "http_server", subsystem: "requests", name: "total" },
    "http_server_requests_total",
  ],
  [{ namespace: "", subsystem: "requests", name: "total" }, "requests_total"],
  [{ name: "job:latency:p99" }, "job:latency:p99"],
];

for (const [parts, name] of names) {
  Deno.test(`metricName() makes ${name}`, () => assertEquals(metricName(parts), name));
}

for (const name of ["", "1st", "with space", "naïve", "a-b", 'x{y="z"}', "a\nb"]) {
  Deno.test(`MetricRegistry.counter() refuses the name ${JSON.stringify(name)}`, () => {
    assertThrows(() => new MetricRegistry().counter({ name }), TypeError, "a name is letters");
  });
}

for (const label of ["", "1st", "a-b", "__name__", "naïve"]) {
  Deno.test(`MetricRegistry.counter() refuses the label ${JSON.stringify(label)}`, () => {
    const registry = new MetricRegistry();
    assertThrows(() => registry.counter({ name: "a", labels: [label] }), TypeError, "will not do");
    assertEquals(renderText(registry.snapshot()), "");
  });
}

Deno.test("MetricRegistry refuses a label that comes twice, also if a constant one is the other", () => {
  const registry = new MetricRegistry({ constLabels: { worker: "1" } });
  const twice = () => registry.gauge({ name: "a", labels: ["x", "x"] });
  assertThrows(twice, TypeError, "it comes twice");
  assertThrows(() => registry.gauge({ name: "a", labels: ["worker"] }), TypeError, "comes twice");
});

Deno.test("MetricRegistry.histogram() refuses the label that the format uses itself", () => {
  const registry = new MetricRegistry();
  const make = () => registry.histogram({ name: "a", labels: ["le"], buckets: [1] });
  assertThrows(make, TypeError, "the format uses it itself");
  registry.counter({ name: "b", labels: ["le"] });
});

Deno.test("MetricRegistry answers the same metric for the same definition", () => {
  const registry = new MetricRegistry();
  const options = { name: "a_total", labels: ["x"] } as const;
  assertStrictEquals(registry.counter(options), registry.counter({ ...options, help: "again" }));
  assertStrictEquals(registry.gauge({ name: "g" }), registry.gauge({ name: "g" }));
});

const clashes: [name: string, make: (registry: MetricRegistry) => unknown, message: string][] = [
  ["another type", (it) => it.gauge({ name: "a_total", labels: ["x"] }), "not gauge of labels [x]"],
  [
    "other labels",
    (it) => it.counter({ name: "a_total", labels: ["y"] }),
    "not counter of labels [y]",
  ],
  ["no labels", (it) => it.counter({ name: "a_total" }), "not counter of labels []"],
  [
    "another rule",
    (it) => it.counter({ name: "a_total", labels: ["x"], merge: "max" }),
    "merged by max",
  ],
  ["other buckets", (it) => it.histogram({ name: "h", buckets: [1, 3] }), "with buckets 1 3"],
  ["the sum of a histogram", (it) => it.counter({ name: "h_sum" }), `"h_sum" would clash`],
  ["a bucket of a histogram", (it) => it.gauge({ name: "h_bucket" }), `with metric "h"`],
  ["the family of a counter", (it) => it.gauge({ name: "a" }), `"a" would clash`],
];

for (const [name, make, message] of clashes) {
  Deno.test(`MetricRegistry refuses a taken name with ${name}`, () => {
    const registry = new MetricRegistry();
    registry.counter({ name: "a_total", labels: ["x"] });
    registry.histogram({ name: "h", buckets: [1, 2] });
    assertThrows(() => make(registry), TypeError, message);
  });
}

Deno.test("MetricRegistry.unregister() frees the name", () => {
  const registry = new MetricRegistry();
  registry.histogram({ name: "h", buckets: [1, 2] }).observe(1);
  assertEquals(registry.unregister("h"), true);
  assertEquals(registry.unregister("h"), false);
  registry.gauge({ name: "h_sum" }).set(1);
  assertEquals(renderText(registry.snapshot()), "# TYPE h_sum gauge\nh_sum 1\n");
});

Deno.test("MetricRegistry warns once of too many series, and counts them", () => {
  const warnings: string[] = [];
  const registry = new MetricRegistry({ maxSeries: 2, onWarning: (it) => warnings.push(it) });
  const requests = registry.counter({ name: "requests_total", labels: ["path"] });
  for (let path = 0; path < 10; path++) requests.labels(`/${path}`).inc();
  assertEquals(warnings.length, 1);
  assertEquals(
    warnings[0],
    `Cannot keep more than 2 series of metric "requests_total": new label values are counted as ` +
      `one; use labels with few values, or raise maxSeries`,
  );
  const lines = renderText(registry.snapshot()).split("\n");
  assertEquals(lines.filter((line) => line.includes("overflow") && !line.startsWith("#")), [
    'metric_series_overflow_total{metric="requests_total"} 8',
    'requests_total{path="__overflow__"} 8',
  ]);
});

Deno.test("MetricRegistry puts constant labels on every series", () => {
  const registry = new MetricRegistry({ constLabels: { worker: "w1" } });
  registry.counter({ name: "a_total", labels: ["x"] }).labels("1").inc();
  registry.gauge({ name: "g" }).set(2);
  registry.histogram({ name: "h", buckets: [] }).observe(3);
  assertEquals(
    renderText(registry.snapshot()).split("\n").filter((line) => !line.startsWith("#")),
    [
      'a_total{worker="w1",x="1"} 1',
      'g{worker="w1"} 2',
      'h_bucket{worker="w1",le="+Inf"} 1',
      'h_sum{worker="w1"} 3',
      'h_count{worker="w1"} 1',
      "",
    ],
  );
});

Deno.test("MetricRegistry.onCollect() is asked before every snapshot until it is taken away", () => {
  const registry = new MetricRegistry();
  const gauge = registry.gauge({ name: "depth" });
  let depth = 1;
  const remove = registry.onCollect(() => gauge.set(depth++));
  registry.snapshot();
  registry.snapshot();
  assertEquals(gauge.value, 2);
  remove();
  registry.snapshot();
  assertEquals(gauge.value, 2);
});

Deno.test("MetricRegistry.snapshot() survives a collector that throws", () => {
  const warnings: string[] = [];
  const registry = new MetricRegistry({ onWarning: (message) => warnings.push(message) });
  registry.gauge({ name: "up" }).set(1);
  registry.onCollect(() => {
    throw new Error("pool is gone");
  });
  assertEquals(renderText(registry.snapshot()), "# TYPE up gauge\nup 1\n");
  assertEquals(warnings, ["Cannot collect metrics: pool is gone"]);
});

Deno.test("MetricRegistry.snapshot() leaves out metrics without series, and can be cloned", () => {
  const registry = new MetricRegistry();
  registry.counter({ name: "never_total", labels: ["x"] });
  registry.histogram({ name: "h", buckets: [1] }).observe(1);
  const snapshot = registry.snapshot();
  assertEquals(snapshot.map(({ name }) => name), ["h"]);
  assertEquals(structuredClone(snapshot), snapshot);
});

Deno.test("MetricRegistry types label values by the list of names", () => {
  const registry = new MetricRegistry();
  const options: MetricOptions & { labels: readonly ["a", "b"] } = {
    name: "n",
    labels: ["a", "b"],
  };
  const vec = registry.counter(options);
  // @ts-expect-error -- one value is missing
  assertThrows(() => vec.labels("1"), TypeError);
});
