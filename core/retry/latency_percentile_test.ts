import { assert, assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "../limit/_seed_test.ts";
import { LatencyPercentile } from "./latency_percentile.ts";

const wrong = [
  { options: { percentile: 1 }, says: "between 0 and 1, got 1" },
  { options: { initialMs: -1 }, says: "initialMs >= 0, got -1" },
  { options: { minMs: NaN }, says: "minMs >= 0, got NaN" },
  { options: { minSamples: 0 }, says: "minSamples >= 1, got 0" },
  { options: { minSamples: 10, windowSamples: 9 }, says: "windowSamples >= minSamples, got 9" },
];
for (const { options, says } of wrong) {
  Deno.test(`LatencyPercentile refuses ${JSON.stringify(options)}`, () => {
    assertThrows(() => new LatencyPercentile(options), RangeError, says);
  });
}

Deno.test("LatencyPercentile is at most a tenth above the true one, and not below", () => {
  const random = seededRandom();
  // Computed anew every 16 calls, so after the last of these.
  for (const percentile of [0.5, 0.9, 0.95, 0.99]) {
    const measured = new LatencyPercentile({ percentile, minSamples: 16, windowSamples: 1_600 });
    const latenciesMs = Array.from({ length: 1_600 }, () => 2 - 20 * Math.log(1 - random()));
    latenciesMs.forEach((ms) => measured.observe(ms));
    const trueMs = latenciesMs.toSorted((a, b) => a - b)[Math.ceil(1_600 * percentile) - 1]!;
    const ratio = measured.valueMs / trueMs;
    assert(ratio >= 1 - 1e-9 && ratio <= 1.1 + 1e-9, `${measured.valueMs} for ${trueMs}`);
  }
});

Deno.test("LatencyPercentile answers initialMs until it knows enough, and never below minMs", () => {
  const measured = new LatencyPercentile({ initialMs: 70, minMs: 5, minSamples: 48 });
  for (let call = 0; call < 47; call++) measured.observe(1);
  assertEquals(measured.valueMs, 70);
  for (let call = 0; call < 16; call++) measured.observe(1);
  assertEquals(measured.valueMs, 5);
});

Deno.test("LatencyPercentile forgets what was long ago", () => {
  const measured = new LatencyPercentile({ windowSamples: 100 });
  for (let call = 0; call < 1_000; call++) measured.observe(500);
  for (let call = 0; call < 1_000; call++) measured.observe(10);
  assert(measured.valueMs <= 11, `${measured.valueMs} ms`);
});

Deno.test("LatencyPercentile takes any number, and leaves out what is none", () => {
  const measured = new LatencyPercentile({ minSamples: 1, windowSamples: 1, minMs: 0 });
  for (const ms of [NaN, -1, undefined as never]) {
    for (let call = 0; call < 32; call++) measured.observe(ms);
  }
  assertEquals(measured.valueMs, 100);
  for (let call = 0; call < 64; call++) measured.observe(0);
  assert(measured.valueMs <= 0.01);
  for (let call = 0; call < 640; call++) measured.observe(Infinity);
  assert(measured.valueMs > 60_000_000);
});
