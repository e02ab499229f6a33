import { assertEquals } from "@std/assert";
import { createLogger } from "../log/create_logger.ts";
import { FakeClock } from "./fake_clock.ts";
import { MemoryLog } from "./memory_log.ts";

Deno.test("MemoryLog keeps what it is told at every level, and what loggers made from it are told", () => {
  const log = new MemoryLog();
  log.debug("a");
  log.info("b", { n: 1 });
  log.with({ user: 7 }).withDuration(2).error("c");
  log.slow("d");
  log.stat("e");
  log.alert("f");
  assertEquals(log.contents(), ["a", "b", "c", "d", "e", "f"]);
  assertEquals(log.contents("error"), ["c"]);
  assertEquals(log.records[2]?.fields, { user: 7, duration: "2.0ms" });
  log.clear();
  assertEquals(log.records, []);
});

Deno.test("MemoryLog keeps stacks of severe and errorStack", () => {
  const log = new MemoryLog();
  log.severe("a");
  log.errorStack("b");
  assertEquals(log.records.map(({ level, channel }) => [level, channel]), [
    ["fatal", "severe"],
    ["error", "stack"],
  ]);
  for (const content of log.contents()) assertEquals(String(content).includes("\n    at "), true);
});

Deno.test("MemoryLog follows its config, its level and its clock", () => {
  const clock = new FakeClock({ wallTime: 1000 });
  const log = new MemoryLog({ config: { Level: "error" }, clock });
  log.info("a");
  assertEquals([log.enabled("info"), log.enabled("error")], [false, true]);
  log.setLevel("info");
  log.info("b");
  assertEquals(log.lines, [
    '{"@timestamp":"1970-01-01T00:00:01.000Z","content":"b","level":"info"}',
  ]);
});

Deno.test("MemoryLog is a sink for other loggers, and knows when it is closed", async () => {
  const sink = new MemoryLog();
  {
    await using log = createLogger({}, { sink });
    log.info("x");
    await log.flush();
    assertEquals([sink.contents(), sink.closed], [["x"], false]);
  }
  assertEquals(sink.closed, true);
  const own = new MemoryLog();
  await own.flush();
  await own[Symbol.asyncDispose]();
  assertEquals(own.closed, true);
});
