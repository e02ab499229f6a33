import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import { ConsoleSink } from "./console_sink.ts";
import { createLogger } from "./create_logger.ts";
import { FanOutSink } from "./fan_out_sink.ts";
import type { LogEncoder, LogRecord, LogSink } from "./record.ts";
import { StreamSink } from "./stream_sink.ts";
import type { ByteWriter } from "./write_all.ts";

const contentOnly: LogEncoder = { encode: (record) => `${record.content}\n` };

/** Takes at most three bytes at a time, as pipes may. */
class Output implements ByteWriter {
  text = "";

  writeSync(bytes: Uint8Array): number {
    const taken = bytes.subarray(0, 3);
    this.text += new TextDecoder().decode(taken);
    return taken.length;
  }

  write(bytes: Uint8Array): Promise<number> {
    return Promise.resolve(this.writeSync(bytes));
  }
}

function record(content: string): LogRecord {
  return { time: 0, level: "info", channel: "access", content, fields: {} };
}

Deno.test("ConsoleSink.write() sends what is done to stdout and what is wrong to stderr", async () => {
  const [stdout, stderr] = [new Output(), new Output()];
  const clock = new FakeClock();
  const sink = new ConsoleSink({ encoder: contentOnly, stdout, stderr, clock });
  const log = createLogger({ Level: "debug" }, { sink, clock });
  log.debug("debug");
  log.info("info");
  log.stat("stat");
  log.error("error");
  log.slow("slow");
  log.errorStack("stack");
  await log.flush();
  assertEquals(stdout.text, "debug\ninfo\nstat\n");
  assertEquals(stderr.text.split("\n").slice(0, 3), ["error", "slow", "stack"]);
  await log[Symbol.asyncDispose]();
  assertEquals(clock.pendingTimers, 0);
});

for (const call of ["severe", "alert"] as const) {
  Deno.test(`ConsoleSink.write() does not hold back ${call} lines`, () => {
    const [stdout, stderr] = [new Output(), new Output()];
    const clock = new FakeClock();
    const sink = new ConsoleSink({ encoder: contentOnly, stdout, stderr, clock });
    const log = createLogger({}, { sink, clock });
    log.error("before");
    log[call]("now");
    assertEquals(stderr.text.split("\n").slice(0, 2), ["before", "now"]);
    assertEquals(clock.pendingTimers, 0);
  });
}

Deno.test("ConsoleSink.write() still writes after close()", async () => {
  const stdout = new Output();
  const sink = new ConsoleSink({ encoder: contentOnly, stdout });
  await sink.close();
  sink.write(record("late"));
  assertEquals(stdout.text, "late\n");
});

Deno.test("ConsoleSink.write() bears streams that break or take nothing", async () => {
  const clock = new FakeClock();
  const broken: ByteWriter = {
    write: () => Promise.reject(new Error("broken pipe")),
    writeSync: () => 0,
  };
  const sink = new ConsoleSink({ encoder: contentOnly, stdout: broken, stderr: broken, clock });
  sink.write(record("a"));
  await sink.flush();
  sink.write({ ...record("b"), level: "alert" });
  await sink.close();
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("StreamSink.write() sends all lines to the stream, and close() closes it", async () => {
  let text = "";
  let closed = false;
  const decoder = new TextDecoder();
  const stream = new WritableStream<Uint8Array>({
    write: (chunk) => void (text += decoder.decode(chunk, { stream: true })),
    close: () => void (closed = true),
  });
  const clock = new FakeClock();
  const sink = new StreamSink(stream, { encoder: contentOnly, clock });
  sink.write(record("a"));
  await clock.advance(50);
  assertEquals(text, "a\n");
  sink.write(record("b"));
  await sink.flush();
  assertEquals(text, "a\nb\n");
  sink.write(record("c"));
  await sink.close();
  assertEquals([text, closed, clock.pendingTimers], ["a\nb\nc\n", true, 0]);
});

class FailingSink implements LogSink {
  write(): void {
    throw new Error("no write");
  }
  flush(): Promise<void> {
    return Promise.reject(new Error("no flush"));
  }
  close(): Promise<void> {
    return Promise.reject(new Error("no close"));
  }
}

Deno.test("FanOutSink.write() gives each record to every sink", async () => {
  const [one, two] = [new MemoryLog(), new MemoryLog()];
  const sink = new FanOutSink(one, two);
  sink.write(record("x"));
  await sink.flush();
  await sink.close();
  assertEquals([one.contents(), two.contents()], [["x"], ["x"]]);
  assertEquals([one.closed, two.closed], [true, true]);
});

Deno.test("FanOutSink.close() closes all though one fails, and throws what it threw", async () => {
  const [one, two] = [new MemoryLog(), new MemoryLog()];
  const sink = new FanOutSink(one, new FailingSink(), two);
  assertThrows(() => sink.write(record("x")), Error, "no write");
  assertEquals([one.contents(), two.contents()], [["x"], ["x"]]);
  await assertRejects(() => sink.flush(), Error, "no flush");
  await assertRejects(() => sink.close(), Error, "no close");
  assertEquals([one.closed, two.closed], [true, true]);
});

Deno.test("FanOutSink.close() throws an AggregateError when several fail", async () => {
  const error = await assertRejects(
    () => new FanOutSink(new FailingSink(), new FailingSink()).close(),
    AggregateError,
    "Cannot close log: 2 sinks failed",
  );
  assertEquals(error.errors.length, 2);
});
