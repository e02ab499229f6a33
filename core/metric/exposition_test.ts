import parsePrometheus from "npm:parse-prometheus-text-format@1.1.1";
import fc from "npm:fast-check@^3";
import { assertEquals } from "@std/assert";
import { renderOpenMetrics, renderText } from "./exposition.ts";
import { MetricRegistry } from "./registry.ts";

/** What the parser, which has no types, makes of a family. */
interface ParsedFamily {
  metrics: { value: string; labels?: Record<string, string> }[];
}

function sample(): MetricRegistry {
  const registry = new MetricRegistry();
  const counter = registry.counter({
    name: "hits_total",
    help: 'All "hits"\\\nof us',
    labels: ["p"],
  });
  counter.labels('a"b\\c\nd').inc(3);
  registry.gauge({ name: "temperature", help: "Now." }).set(-1.5);
  const histogram = registry.histogram({ name: "counts", labels: ["method"], buckets: [1, 2, 3] });
  histogram.labels("/Users").observe(2);
  histogram.labels("/Users").observe(1.1);
  return registry;
}

Deno.test("renderText() writes format 0.0.4", () => {
  assertEquals(
    renderText(sample().snapshot()),
    String.raw`# HELP hits_total All "hits"\\\nof us
# TYPE hits_total counter
hits_total{p="a\"b\\c\nd"} 3
# HELP temperature Now.
# TYPE temperature gauge
temperature -1.5
# TYPE counts histogram
counts_bucket{method="/Users",le="1"} 0
counts_bucket{method="/Users",le="2"} 2
counts_bucket{method="/Users",le="3"} 2
counts_bucket{method="/Users",le="+Inf"} 2
counts_sum{method="/Users"} 3.1
counts_count{method="/Users"} 2
`,
  );
});

Deno.test("renderOpenMetrics() writes format 1.0.0", () => {
  assertEquals(
    renderOpenMetrics(sample().snapshot()),
    String.raw`# HELP hits All \"hits\"\\\nof us
# TYPE hits counter
hits_total{p="a\"b\\c\nd"} 3
# HELP temperature Now.
# TYPE temperature gauge
temperature -1.5
# TYPE counts histogram
counts_bucket{method="/Users",le="1.0"} 0
counts_bucket{method="/Users",le="2.0"} 2
counts_bucket{method="/Users",le="3.0"} 2
counts_bucket{method="/Users",le="+Inf"} 2
counts_sum{method="/Users"} 3.1
counts_count{method="/Users"} 2
# EOF
`,
  );
});

Deno.test("renderOpenMetrics() ends the samples of a counter in _total whatever its name", () => {
  const registry = new MetricRegistry();
  registry.counter({ name: "conn_max" }).inc(10);
  assertEquals(
    renderOpenMetrics(registry.snapshot()),
    "# TYPE conn_max counter\nconn_max_total 10\n# EOF\n",
  );
});

const numbers: [value: number, text: string][] = [
  [0, "0"],
  [-0, "0"],
  [NaN, "NaN"],
  [Infinity, "+Inf"],
  [-Infinity, "-Inf"],
  [1e21, "1e+21"],
  [0.1, "0.1"],
  [2 ** 53, "9007199254740992"],
];

for (const [value, text] of numbers) {
  Deno.test(`renderText() writes ${value} as ${text}`, () => {
    const registry = new MetricRegistry();
    registry.gauge({ name: "g" }).set(value);
    assertEquals(renderText(registry.snapshot()), `# TYPE g gauge\ng ${text}\n`);
  });
}

Deno.test("renderText() and renderOpenMetrics() of nothing", () => {
  assertEquals([renderText([]), renderOpenMetrics([])], ["", "# EOF\n"]);
});

Deno.test("renderOpenMetrics() shows the last trace seen in each bucket", () => {
  const registry = new MetricRegistry();
  const latency = registry.histogram({ name: "ms", labels: ["path"], buckets: [10, 100] });
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const context = { traceId, spanId: "00f067aa0ba902b7", sampled: true };
  latency.labels("/a").observe(3, context);
  latency.labels("/a").observe(4);
  latency.labels("/a").observe(700, { traceId: "older" });
  latency.labels("/a").observe(500, { traceId });
  assertEquals(
    renderOpenMetrics(registry.snapshot()),
    `# TYPE ms histogram
ms_bucket{path="/a",le="10.0"} 2 # {trace_id="${traceId}",span_id="00f067aa0ba902b7"} 3
ms_bucket{path="/a",le="100.0"} 2
ms_bucket{path="/a",le="+Inf"} 4 # {trace_id="${traceId}"} 500
ms_sum{path="/a"} 1207
ms_count{path="/a"} 4
# EOF
`,
  );
  assertEquals(renderText(registry.snapshot()).includes("trace_id"), false);
  assertEquals(structuredClone(registry.snapshot()), registry.snapshot()); // Workers send it.
});

Deno.test("renderText() is read by an independent parser", () => {
  const registry = sample();
  // Without labels: this parser loses the labels of histograms, and with them sum and count.
  registry.unregister("counts");
  const histogram = registry.histogram({ name: "counts", buckets: [1, 2, 3] });
  for (const value of [2, 1.1]) histogram.observe(value);
  assertEquals(parsePrometheus(renderText(registry.snapshot())), [
    {
      name: "hits_total",
      help: 'All "hits"\\\nof us',
      type: "COUNTER",
      metrics: [{ value: "3", labels: { p: 'a"b\\c\nd' } }],
    },
    { name: "temperature", help: "Now.", type: "GAUGE", metrics: [{ value: "-1.5" }] },
    {
      name: "counts",
      help: "",
      type: "HISTOGRAM",
      metrics: [{
        buckets: { "1": "0", "2": "2", "3": "2", "+Inf": "2" },
        count: "2",
        sum: "3.1",
      }],
    },
  ]);
});

Deno.test("renderText() carries any label value and any finite figure through a parser", () => {
  const series = fc.tuple(fc.string({ unit: "binary" }), fc.double({ noNaN: true, min: 0 }));
  const many = fc.uniqueArray(series, { minLength: 1, maxLength: 8, selector: ([label]) => label });
  fc.assert(fc.property(many, (all) => {
    const registry = new MetricRegistry();
    const vec = registry.gauge({ name: "g", labels: ["label"] });
    for (const [label, value] of all) vec.labels(label).set(value);
    const [family]: ParsedFamily[] = parsePrometheus(renderText(registry.snapshot()));
    const read = family?.metrics.map(({ labels, value }) => [labels?.label, toNumber(value)]);
    assertEquals(read, all.map(([label, value]) => [label, value === 0 ? 0 : value]));
  }));
});

function toNumber(text: string): number {
  return text === "+Inf" ? Infinity : Number(text);
}
