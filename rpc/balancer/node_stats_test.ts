import { assertAlmostEquals, assertEquals } from "@std/assert";
import { NodeStats } from "./node_stats.ts";

/** Far from zero, as a clock is that has run for a while. */
const EPOCH_MS = 1e9;

function newStats(): NodeStats<{ address: string }> {
  return new NodeStats({ address: "a:1" });
}

function call(stats: NodeStats<{ address: string }>, start: number, end: number, ok: boolean) {
  stats.inFlight++;
  stats.end(end - start, EPOCH_MS + end, ok);
}

const loads = [
  [0, 0, 1],
  [0, 5, 6],
  [1_000_000, 0, 1_000],
  [5_000_000, 0, 2_236],
  [10_000_000, 3, 12_648],
  [100_000_000, 0, 10_000],
  [100_000_000, 9, 100_000],
  [1_000_000_000, 1, 63_244],
] as const;
for (const [lagNs, inFlight, load] of loads) {
  Deno.test(`NodeStats.load is ${load} at ${lagNs} ns with ${inFlight} in flight`, () => {
    const stats = newStats();
    call(stats, 0, lagNs / 1e6, true);
    assertEquals(stats.lagNs, lagNs);
    stats.inFlight = inFlight;
    assertEquals(stats.load, load);
  });
}

Deno.test("NodeStats.end() averages by time", () => {
  const stats = newStats();
  const rows = [
    [0, 10, true, 10_000_000, 1_000],
    [10, 40, true, 10_059_910, 1_000],
    [100, 300, true, 14_934_705, 1_000],
    [1_000, 1_005, false, 14_258_427, 931],
    [1_005, 1_010, false, 14_253_798, 930],
    [5_000, 5_010, false, 12_851_406, 623],
    [15_000, 15_100, false, 68_227_070, 227],
    [20_000, 20_001, true, 42_180_959, 526],
    [60_000, 60_004, true, 4_699_098, 991],
  ] as const;
  for (const [start, end, ok, lagNs, success] of rows) {
    call(stats, start, end, ok);
    assertEquals([stats.lagNs, stats.success, stats.isHealthy], [lagNs, success, success > 500]);
  }
  assertEquals(stats.inFlight, 0);
});

for (const [everyMs, failures] of [[100, 65], [1_000, 7]] as const) {
  Deno.test(`NodeStats is unhealthy after ${failures} failures, one every ${everyMs} ms`, () => {
    const stats = newStats();
    call(stats, 0, 1, true);
    let count = 0;
    while (stats.isHealthy) call(stats, ++count * everyMs, count * everyMs + 1, false);
    assertEquals(count, failures);
    if (everyMs !== 1_000) return;
    assertEquals(stats.success, 494);
    call(stats, 8_000, 8_001, true);
    assertEquals([stats.success, stats.isHealthy], [542, true]);
  });
}

Deno.test("NodeStats is unhealthy at once when the first call fails", () => {
  const stats = newStats();
  call(stats, 0, 1, false);
  assertEquals([stats.success, stats.isHealthy], [0, false]);
});

Deno.test("NodeStats.end() takes a clock that stands still", () => {
  const stats = newStats();
  for (let i = 0; i < 3; i++) call(stats, 5, 5, true);
  assertEquals([stats.lagNs, stats.load, stats.success], [0, 1, 1_000]);
});

Deno.test("NodeStats forgets recent failures within seconds", () => {
  const stats = newStats();
  for (let i = 0; i < 10; i++) call(stats, i, i + 1, false);
  assertAlmostEquals(stats.recentFailures, 10, 0.1);
  call(stats, 10_000, 10_001, true);
  assertAlmostEquals(stats.recentFailures, 0.067, 0.01);
  assertEquals(stats.failuresInRow, 0);
});
