import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import { CpuUsage, processCpuMs } from "./cpu_usage.ts";
import { LoopLag } from "./loop_lag.ts";
import { UsageReporter } from "./usage_reporter.ts";

/** A processor that is busy for so many thousandths of the time. */
function setUpCpu(milliCpu: number, options: { keep?: number } = {}) {
  const clock = new FakeClock();
  const cpu = new CpuUsage({ clock, usedMs: () => clock.now() * milliCpu / 1000, ...options });
  return { clock, cpu };
}

const averages = [
  { load: 1000, after: 20, expected: 641.5 },
  { load: 900, after: 200, expected: 899.97 },
  { load: 100, after: 200, expected: 100 },
  { load: 19, after: 200, expected: 19 },
];

for (const { load, after, expected } of averages) {
  Deno.test(`CpuUsage averages to ${expected} after ${after} samples of ${load}`, () => {
    const { clock, cpu } = setUpCpu(load);
    for (let i = 0; i < after; i++) {
      clock.elapse(250);
      cpu.milliCpu();
    }
    assertAlmostEquals(cpu.milliCpu(), expected, 0.1);
  });
}

Deno.test("CpuUsage counts a pause as that many samples", () => {
  const { clock, cpu } = setUpCpu(1000);
  clock.elapse(20 * 250);
  assertAlmostEquals(cpu.milliCpu(), 641.5, 0.1);
});

Deno.test("CpuUsage is at most one processor, and never negative", () => {
  const busy = setUpCpu(4000, { keep: 0 });
  busy.clock.elapse(250);
  assertEquals(busy.cpu.milliCpu(), 1000);
  const backwards = setUpCpu(-500, { keep: 0 });
  backwards.clock.elapse(250);
  assertEquals(backwards.cpu.milliCpu(), 0);
});

Deno.test("CpuUsage does not sample more often than it should", () => {
  const { clock, cpu } = setUpCpu(1000, { keep: 0 });
  clock.elapse(249);
  assertEquals(cpu.milliCpu(), 0);
});

Deno.test("processCpuMs() grows with work", () => {
  const before = processCpuMs();
  let sum = 0;
  while (processCpuMs() < before + 20) sum += Math.sqrt(sum + 1);
  assert(processCpuMs() - before >= 20);
});

Deno.test("CpuUsage refuses numbers out of range", () => {
  assertThrows(
    () => new CpuUsage({ periodMs: 0 }),
    RangeError,
    "need a finite periodMs > 0, got 0",
  );
  assertThrows(() => new CpuUsage({ keep: 1 }), RangeError, "need keep >= 0 and < 1, got 1");
});

/** A clock whose timers are late by what is said, as they are when the loop is busy. */
class LateClock extends FakeClock {
  lateMs = 0;

  override now(): number {
    return super.now() + this.lateMs;
  }
}

Deno.test("LoopLag reads 0 on a loop that has nothing to do", () => {
  const clock = new FakeClock();
  using lag = new LoopLag({ clock });
  for (let i = 0; i < 100; i++) {
    assertEquals(lag.lagMs(), 0);
    clock.elapse(1);
  }
  assertEquals([lag.averageMs, lag.busyShare(), lag.lateForMs(1)], [0, 0, 0]);
});

Deno.test("LoopLag shows a stall while it lasts, and in the next sample", () => {
  const clock = new LateClock();
  using lag = new LoopLag({ clock });
  lag.lagMs();
  clock.elapse(10);
  clock.lateMs = 80; // Timers do not run meanwhile.
  assertEquals(lag.lagMs(), 78);
  clock.elapse(2);
  assertEquals([lag.lagMs(), lag.isStalled()], [80, true]);
  assert(lag.averageMs > 7);
  clock.elapse(2);
  assertEquals(lag.lagMs(), 0);
  assertEquals(lag.isStalled(), true);
  clock.elapse(200);
  assertEquals(lag.isStalled(), false);
});

Deno.test("LoopLag knows for how long the loop has been late, and how much of the time", () => {
  const clock = new LateClock();
  using lag = new LoopLag({ clock });
  lag.lagMs();
  clock.elapse(100);
  // From here on each sample is ten milliseconds late.
  for (let i = 0; i < 50; i++) {
    clock.lateMs += 10;
    clock.elapse(2);
  }
  assertEquals(lag.lagMs(), 10);
  assertEquals(lag.lateForMs(10), 49 * 12);
  assertEquals(lag.lateForMs(11), 0);
  // Busy for 600 ms of memory of 1500 ms.
  assertAlmostEquals(lag.busyShare(), 1 - Math.exp(-600 / 1500), 1e-9);
  clock.elapse(2);
  assertEquals(lag.lateForMs(10), 0);
  clock.lateMs += 400; // A stall shows while it lasts.
  assertAlmostEquals(lag.busyShare(), 1 - Math.exp(-1000 / 1500), 0.01);
});

Deno.test("LoopLag looks while it is asked, and begins anew", () => {
  const clock = new FakeClock();
  using lag = new LoopLag({ clock, idleMs: 100 });
  assertEquals(clock.pendingTimers, 0);
  lag.lagMs();
  clock.elapse(99);
  assertEquals(clock.pendingTimers, 1);
  lag.lagMs();
  clock.elapse(99);
  assertEquals(clock.pendingTimers, 1);
  clock.elapse(3_600_000);
  assertEquals(clock.pendingTimers, 0);
  assertEquals([lag.lagMs(), clock.pendingTimers], [0, 1]);
});

Deno.test("LoopLag does not look once disposed", () => {
  const clock = new FakeClock();
  const lag = new LoopLag({ clock });
  lag.lagMs();
  lag[Symbol.dispose]();
  lag[Symbol.dispose]();
  assertEquals([lag.lagMs(), lag.lateForMs(1), lag.busyShare()], [0, 0, 0]);
  clock.elapse(100);
  assertEquals([lag.lagMs(), clock.pendingTimers], [0, 0]);
});

Deno.test("LoopLag refuses times out of range", () => {
  assertThrows(() => new LoopLag({ periodMs: 0 }), RangeError, "need a finite periodMs > 0, got 0");
  assertThrows(() => new LoopLag({ idleMs: -1 }), RangeError, "need idleMs >= 0, got -1");
});

Deno.test("UsageReporter logs each minute in five parts, and stops when disposed", () => {
  const clock = new FakeClock();
  const logger = new MemoryLog();
  const memory = () => ({ heapUsed: 0, heapTotal: 1048576, rss: 2097152, external: 524288 });
  const cpu = new CpuUsage({ clock, usedMs: () => clock.now() / 2 });
  const reporter = new UsageReporter({ cpu, logger, memory, clock });
  clock.elapse(60_000);
  const line = "CPU: 500m, MEMORY: Alloc=0.0Mi, TotalAlloc=1.0Mi, Sys=2.0Mi, External=0.5Mi";
  assertEquals(logger.contents("stat"), [line]);
  assertEquals(line.split(",").length, 5);
  reporter[Symbol.dispose]();
  assertEquals(clock.pendingTimers, 0);
  assertThrows(() => new UsageReporter({ cpu, intervalMs: 0 }), RangeError, "need intervalMs > 0");
});
