/**
 * Metrics against the package that most services on npm use.
 *
 * @module
 */

// deno-lint-ignore-file no-import-prefix -- The versions of the peers stand beside what they are measured in.
import { MetricRegistry, renderText } from "@zeno/zeno/core/metric";
import client from "npm:prom-client@15.1.3";
import { compare } from "./compare.ts";

const LABELS = ["method", "path", "code"] as const;
const BUCKETS = [5, 10, 25, 50, 100, 250, 500, 750, 1000];

const registry = new MetricRegistry({ maxSeries: 200_000 });
const counter = registry.counter({ name: "requests_total", labels: LABELS });
const histogram = registry.histogram({ name: "duration_ms", labels: LABELS, buckets: BUCKETS });
const handle = counter.labels("GET", "/users/:id", "200");
const latency = histogram.labels("GET", "/users/:id", "200");

const peers = new client.Registry();
const peerOptions = { help: "help", labelNames: [...LABELS], registers: [peers] };
const peerCounter = new client.Counter({ name: "requests_total", ...peerOptions });
const peerHistogram = new client.Histogram({
  name: "duration_ms",
  buckets: BUCKETS,
  ...peerOptions,
});
const peerHandle = peerCounter.labels("GET", "/users/:id", "200");
const peerLatency = peerHistogram.labels("GET", "/users/:id", "200");

await compare("Counter, handle kept", {
  "zeno inc": () => handle.inc(),
  "prom-client inc": () => peerHandle.inc(),
}, { iterations: 1_000_000 });

await compare("Counter, by labels", {
  "zeno labels().inc": () => counter.labels("GET", "/users/:id", "200").inc(),
  "prom-client labels().inc": () => peerCounter.labels("GET", "/users/:id", "200").inc(),
  "prom-client inc({...})": () =>
    peerCounter.inc({ method: "GET", path: "/users/:id", code: "200" }),
}, { iterations: 300_000 });

let a = 0;
let b = 0;
await compare("Histogram of 9 buckets, handle kept", {
  "zeno observe": () => latency.observe(a = (a + 7) % 1200),
  "prom-client observe": () => peerLatency.observe(b = (b + 7) % 1200),
}, { iterations: 1_000_000 });

await compare("Histogram of 9 buckets, by labels", {
  "zeno labels().observe": () =>
    histogram.labels("GET", "/users/:id", "200").observe(a = (a + 7) % 1200),
  "prom-client labels().observe": () =>
    peerHistogram.labels("GET", "/users/:id", "200").observe(b = (b + 7) % 1200),
}, { iterations: 300_000 });

for (const count of [10, 100_000]) {
  const name = `keys_${count}_total`;
  const keys = Array.from({ length: count }, (_, index) => `key-${index}`);
  const ours = registry.counter({ name, labels: ["key"] });
  const peer = new client.Counter({ name, help: "help", labelNames: ["key"], registers: [peers] });
  // What any store by key costs: the memory of a hundred thousand keys is not in the cache.
  const map = new Map(keys.map((key) => [key, { value: 0 }]));
  let [at, peerAt, mapAt] = [0, 0, 0];
  await compare(`Counter by one label, ${count} values`, {
    "zeno labels().inc": () => ours.labels(keys[at = (at + 1) % count]!).inc(),
    "prom-client labels().inc": () => peer.labels(keys[peerAt = (peerAt + 1) % count]!).inc(),
    "a Map alone": () => map.get(keys[mapAt = (mapAt + 1) % count]!)!.value++,
  }, { iterations: 200_000 });
  registry.unregister(name);
  peers.removeSingleMetric(name);
}

for (let page = 0; page < 200; page++) {
  histogram.labels("GET", `/page/${page}`, "200").observe(page);
  peerHistogram.labels("GET", `/page/${page}`, "200").observe(page);
}
await compare("Scrape of 201 histograms and a counter", {
  "zeno renderText": () => renderText(registry.snapshot()),
  "prom-client metrics": () => peers.metrics(),
}, { iterations: 200 });
