import { assertEquals } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import { profileUnderLoad } from "./profiling.ts";
import { profilingConfig } from "./sections.ts";

function setUp(failing = false) {
  const clock = new FakeClock();
  const seen: [number, string][] = [];
  const load = { milliCpu: 0 };
  const logger = new MemoryLog({ clock });
  const config = profilingConfig.parse({ Name: "a", ServerAddr: "https://u:pw@push.example:4040" });
  const profiler = {
    start: () => {
      if (failing) throw new Error("no such server");
      seen.push([clock.now(), "start"]);
      return {
        [Symbol.asyncDispose]: () => {
          seen.push([clock.now(), "stop"]);
          return Promise.resolve();
        },
      };
    },
  };
  const cpu = { milliCpu: () => load.milliCpu };
  const watch = profileUnderLoad(config, { profiler, logger, cpu, clock });
  return { clock, seen, load, logger, watch };
}

Deno.test("profileUnderLoad() profiles for a while when the processor is busy", async () => {
  const { clock, seen, load, logger, watch } = setUp();
  await using _watch = watch;
  load.milliCpu = 699;
  await clock.advance(10_000);
  assertEquals(seen, []);
  load.milliCpu = 700;
  await clock.advance(10_000);
  assertEquals(seen, [[20_000, "start"]]);
  load.milliCpu = 0;
  await clock.advance(200_000);
  assertEquals(seen, [[20_000, "start"], [140_000, "stop"]]);
  assertEquals(logger.contents(), ["Profiling to push.example:4040: the processor is busy"]);
});

Deno.test("profileUnderLoad() goes on after the profiler failed", async () => {
  const { clock, load, logger, watch } = setUp(true);
  await using _watch = watch;
  load.milliCpu = 1000;
  await clock.advance(10_000);
  await clock.advance(10_000);
  const message = "Cannot profile: no such server";
  assertEquals(logger.contents("error"), [message, message]);
});

Deno.test("profileUnderLoad() stops the profiler when it is disposed, and holds nothing", async () => {
  const { clock, seen, load, watch } = setUp();
  load.milliCpu = 1000;
  await clock.advance(10_000);
  await watch[Symbol.asyncDispose]();
  assertEquals([seen, clock.pendingTimers], [[[10_000, "start"], [10_000, "stop"]], 0]);
});
