import { MetricRegistry } from "./registry.ts";

const registry = new MetricRegistry({ maxSeries: 200_000 });
const counter = registry.counter({ name: "requests_total", labels: ["method", "path", "code"] });
const histogram = registry.histogram({
  name: "requests_duration_ms",
  labels: ["method", "path", "code"],
  buckets: [5, 10, 25, 50, 100, 250, 500, 750, 1000],
});
const get = counter.labels("GET", "/users/:id", "200");
const latency = histogram.labels("GET", "/users/:id", "200");
let at = 0;

Deno.bench({ name: "inc() of a kept handle", group: "Counter", baseline: true }, () => get.inc());
Deno.bench({ name: "labels().inc()", group: "Counter" }, () => {
  counter.labels("GET", "/users/:id", "200").inc();
});

Deno.bench({ name: "observe() of a kept handle", group: "Histogram", baseline: true }, () => {
  latency.observe(at = (at + 7) % 1200);
});
const exemplar = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7" };
Deno.bench({ name: "observe() of a kept handle, with a trace", group: "Histogram" }, () => {
  latency.observe(at = (at + 7) % 1200, exemplar);
});
Deno.bench({ name: "labels().observe()", group: "Histogram" }, () => {
  histogram.labels("GET", "/users/:id", "200").observe(at = (at + 7) % 1200);
});

for (const series of [10, 1000, 100_000]) {
  const vec = registry.counter({ name: `series_${series}_total`, labels: ["key"] });
  const keys = Array.from({ length: series }, (_, index) => `key-${index}`);
  for (const key of keys) vec.labels(key);
  Deno.bench({ name: `labels().inc() among ${series}`, group: "MetricVec by size" }, () => {
    vec.labels(keys[at = (at + 1) % series]!).inc();
  });
}

const scraped = new MetricRegistry();
const pages = scraped.histogram({ name: "page_ms", labels: ["path"], buckets: [1, 5, 25, 100] });
for (let index = 0; index < 200; index++) pages.labels(`/page/${index}`).observe(index);
Deno.bench(
  { name: "snapshot() of 200 histograms", group: "scrape" },
  () => void scraped.snapshot(),
);
