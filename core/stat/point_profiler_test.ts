import { assertEquals, assertThrows } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import { PointProfiler } from "./point_profiler.ts";

function setUp() {
  const clock = new FakeClock();
  const logger = new MemoryLog();
  const profiler = new PointProfiler({ clock, logger });
  const pass = (name: string, tookMs: number) => {
    using _ = profiler.start(name);
    clock.elapse(tookMs);
  };
  return { clock, logger, profiler, pass };
}

Deno.test("PointProfiler logs each interval with points, over life and since the last, and rests", () => {
  const { clock, logger, profiler, pass } = setUp();
  assertEquals(clock.pendingTimers, 0);
  pass("load", 10);
  pass("load", 20);
  pass("store", 1.5);
  clock.elapse(300_000);
  pass("load", 60);
  clock.elapse(300_000);
  clock.elapse(300_000);
  assertEquals(logger.contents("stat"), [
    "name,count,average,last count,last average\n" +
    "load,2,15.000ms,2,15.000ms\nstore,1,1.500ms,1,1.500ms",
    "name,count,average,last count,last average\n" +
    "load,3,30.000ms,1,60.000ms\nstore,1,1.500ms,-,-",
  ]);
  assertEquals(clock.pendingTimers, 0);
  assertEquals(profiler.stats()[1], {
    name: "store",
    count: 1,
    averageMs: 1.5,
    lastCount: 0,
    lastAverageMs: 0,
  });
});

Deno.test("PointProfiler counts a point once, also one that throws or nests", () => {
  const { clock, profiler, pass } = setUp();
  const point = profiler.start("outer");
  assertThrows(() => {
    using _ = profiler.start("inner");
    clock.elapse(2);
    throw new Error("E");
  });
  pass("outer", 3);
  point[Symbol.dispose]();
  point[Symbol.dispose]();
  const counts = profiler.stats().map(({ name, count, averageMs }) => [name, count, averageMs]);
  assertEquals(counts, [["inner", 1, 2], ["outer", 2, 4]]);
});

Deno.test("PointProfiler logs what is left when disposed, and counts no more", () => {
  const { clock, logger, profiler, pass } = setUp();
  const late = profiler.start("late");
  pass("load", 1);
  profiler[Symbol.dispose]();
  late[Symbol.dispose]();
  profiler[Symbol.dispose]();
  assertEquals([logger.contents("stat").length, profiler.stats().length, clock.pendingTimers], [
    1,
    1,
    0,
  ]);
});

for (const intervalMs of [0, NaN]) {
  Deno.test(`PointProfiler refuses an interval of ${intervalMs} ms`, () => {
    assertThrows(() => new PointProfiler({ intervalMs }), RangeError, `got ${intervalMs}`);
  });
}
