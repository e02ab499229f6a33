import { assertEquals } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import { LessLogger, LineLimiter } from "./sampler.ts";

Deno.test("LessLogger.error() logs one of a hundred at once", () => {
  const log = new MemoryLog();
  const less = new LessLogger(log, { intervalMs: 500, clock: new FakeClock() });
  for (let n = 0; n < 100; n++) less.error("x");
  assertEquals(log.contents("error"), ["x"]);
});

Deno.test("LessLogger.error() says how many it left out", () => {
  const log = new MemoryLog();
  const clock = new FakeClock();
  const less = new LessLogger(log, { intervalMs: 200, clock });
  for (let n = 0; n < 5; n++) less.error("x");
  clock.elapse(250);
  less.error("y", { n: 1 });
  assertEquals(log.contents("error"), ["x", "Discarded 4 error messages", "y"]);
  assertEquals(log.records.at(-1)?.fields, { n: 1 });
});

Deno.test("LessLogger.error() needs more than the interval to pass", () => {
  const log = new MemoryLog();
  const clock = new FakeClock();
  const less = new LessLogger(log, { intervalMs: 200, clock });
  less.error("a");
  clock.elapse(200);
  less.error("b");
  clock.elapse(1);
  less.error("c");
  assertEquals(log.contents(), ["a", "Discarded 1 error messages", "c"]);
});

for (const intervalMs of [0, -1]) {
  Deno.test(`LessLogger.error() logs every line with interval ${intervalMs}`, () => {
    const log = new MemoryLog();
    const less = new LessLogger(log, { intervalMs, clock: new FakeClock() });
    for (let n = 0; n < 10; n++) less.error("x");
    assertEquals(log.records.length, 10);
  });
}

Deno.test("LineLimiter.pass() lets the first one through at time 0", () => {
  const limiter = new LineLimiter(100, new FakeClock());
  assertEquals([limiter.pass(), limiter.pass(), limiter.pass()], [0, undefined, undefined]);
});
