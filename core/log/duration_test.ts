import { assertEquals } from "@std/assert";
import { MemoryLog } from "../testing/memory_log.ts";
import { createLogger } from "./create_logger.ts";

const texts: readonly [ms: number, text: string][] = [
  [1000, "1000.0ms"],
  [1111.555, "1111.6ms"],
  [1.234567, "1.2ms"],
  [0, "0.0ms"],
];
for (const [ms, text] of texts) {
  Deno.test(`Logger.withDuration(${ms}) shows ${text}`, async () => {
    const sink = new MemoryLog();
    await using logger = createLogger({}, { sink });
    logger.withDuration(ms).info("x");
    assertEquals(sink.records[0]?.fields.duration, text);
  });
}
