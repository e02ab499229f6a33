import { assertEquals } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { type ByteTarget, LineBuffer, type LineBufferOptions } from "./line_buffer.ts";

/** Keeps what is written; `gate`, where given, is what a write waits for. */
class MemoryTarget implements ByteTarget {
  readonly writes: string[] = [];
  closed = 0;
  gate: Promise<void> | undefined;
  error: Error | undefined;

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const text = new TextDecoder().decode(bytes);
    await this.gate;
    if (this.error) throw this.error;
    this.writes.push(text);
  }

  writeSync(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.error) throw this.error;
    this.writes.push(`sync:${new TextDecoder().decode(bytes)}`);
  }

  close(): Promise<void> {
    this.closed++;
    return Promise.resolve();
  }
}

function setUp(options: Partial<LineBufferOptions> = {}) {
  const clock = new FakeClock();
  const target = new MemoryTarget();
  const errors: unknown[] = [];
  const buffer = new LineBuffer(target, {
    clock,
    discardedLine: (count) => `Discarded ${count}\n`,
    onError: (error) => errors.push(error),
    ...options,
  });
  return { clock, target, buffer, errors };
}

Deno.test("LineBuffer.add() writes the lines of 50 ms together and then has no timer", async () => {
  const { clock, target, buffer } = setUp();
  assertEquals(clock.pendingTimers, 0);
  buffer.add("a\n");
  await clock.advance(49);
  buffer.add("b\n");
  assertEquals([target.writes, clock.pendingTimers], [[], 1]);
  await clock.advance(1);
  assertEquals([target.writes, clock.pendingTimers], [["a\nb\n"], 0]);
  buffer.add("c\n");
  await clock.advance(50);
  assertEquals([target.writes, clock.pendingTimers], [["a\nb\n", "c\n"], 0]);
});

Deno.test("LineBuffer.add() does not wait once there is enough to write", async () => {
  const { clock, target, buffer } = setUp({ flushChars: 4 });
  buffer.add("a\n");
  buffer.add("b\n");
  await clock.advance(0);
  assertEquals([target.writes, clock.pendingTimers], [["a\nb\n"], 0]);
});

Deno.test("LineBuffer.add() writes at once when told so, earlier lines first", () => {
  const { clock, target, buffer } = setUp();
  buffer.add("a\n");
  buffer.add("b\n", true);
  assertEquals([target.writes, clock.pendingTimers], [["sync:a\nb\n"], 0]);
});

Deno.test("LineBuffer.add() writes each line at once with flushMs 0", () => {
  const { clock, target, buffer } = setUp({ flushMs: 0 });
  buffer.add("a\n");
  buffer.add("b\n");
  assertEquals([target.writes, clock.pendingTimers], [["sync:a\n", "sync:b\n"], 0]);
});

Deno.test("LineBuffer.add() keeps the order when an urgent line comes amid a write", async () => {
  const { clock, target, buffer } = setUp();
  const gate = Promise.withResolvers<void>();
  target.gate = gate.promise;
  buffer.add("a\n");
  await clock.advance(50);
  buffer.add("b\n");
  buffer.add("c\n", true);
  assertEquals(target.writes, []);
  gate.resolve();
  await clock.advance(0); // No time passes: the urgent line does not wait for a timer.
  assertEquals([target.writes, clock.pendingTimers], [["a\n", "b\nc\n"], 0]);
});

Deno.test("LineBuffer.add() gathers lines that come amid a write", async () => {
  const { clock, target, buffer } = setUp();
  const gate = Promise.withResolvers<void>();
  target.gate = gate.promise;
  buffer.add("a\n");
  await clock.advance(50);
  buffer.add("b\n");
  buffer.add("c\n");
  gate.resolve();
  await clock.advance(49);
  assertEquals(target.writes, ["a\n"]);
  await clock.advance(1);
  assertEquals([target.writes, clock.pendingTimers], [["a\n", "b\nc\n"], 0]);
});

Deno.test("LineBuffer.add() drops the oldest lines of a slow target and owns up", async () => {
  const { clock, target, buffer } = setUp({ flushChars: 10, maxChars: 30 });
  const gate = Promise.withResolvers<void>();
  target.gate = gate.promise;
  buffer.add("line-0000\n"); // On its way, so it is not dropped.
  for (let n = 1; n <= 6; n++) buffer.add(`line-000${n}\n`);
  assertEquals(buffer.discarded, 3);
  gate.resolve();
  await clock.advance(100);
  assertEquals(target.writes, [
    "line-0000\n",
    "Discarded 3\n",
    "line-0004\n",
    "line-0005\n",
    "line-0006\n",
  ]);
  assertEquals([buffer.discarded, clock.pendingTimers], [0, 0]);
});

Deno.test("LineBuffer.add() takes a line longer than the whole buffer", async () => {
  const { target, buffer } = setUp({ flushChars: 4, maxChars: 8 });
  buffer.add("0123456789abcdef\n");
  await buffer.flush();
  assertEquals(target.writes, ["0123456789abcdef\n"]);
});

Deno.test("LineBuffer.flush() counts the lines of a failed write and goes on", async () => {
  const { target, buffer, errors } = setUp();
  target.error = new Error("disk full");
  buffer.add("a\n");
  buffer.add("b\n");
  await buffer.flush();
  buffer.add("c\n", true);
  assertEquals([buffer.discarded, errors.length], [3, 3]); // Twice for the last: its line and the report.
  target.error = undefined;
  buffer.add("d\n");
  await buffer.flush();
  assertEquals(target.writes, ["Discarded 3\n", "d\n"]);
});

Deno.test("LineBuffer.flush() covers lines added before it, and no timer is left", async () => {
  const { clock, target, buffer } = setUp();
  const gate = Promise.withResolvers<void>();
  target.gate = gate.promise;
  buffer.add("a\n");
  await clock.advance(50);
  buffer.add("b\n");
  let flushed = false;
  const flushing = buffer.flush().then(() => flushed = true);
  await clock.advance(0);
  assertEquals(flushed, false);
  gate.resolve();
  await flushing;
  assertEquals([target.writes, clock.pendingTimers], [["a\n", "b\n"], 0]);
});

Deno.test("LineBuffer.flush() of an empty buffer resolves", async () => {
  const { target, buffer } = setUp();
  await buffer.flush();
  assertEquals(target.writes, []);
});

Deno.test("LineBuffer.close() writes a hundred lines, closes once, and later lines go at once", async () => {
  const { clock, target, buffer } = setUp();
  const lines = Array.from({ length: 100 }, (_, n) => `${n}\n`);
  for (const line of lines) buffer.add(line);
  await Promise.all([buffer.close(), buffer.close()]);
  await buffer[Symbol.asyncDispose]();
  assertEquals([target.writes, target.closed], [[lines.join("")], 1]);
  buffer.add("late\n");
  assertEquals([target.writes.at(-1), clock.pendingTimers], ["sync:late\n", 0]);
});

for (const event of ["unload", "error", "unhandledrejection"]) {
  Deno.test(`LineBuffer.add() loses nothing when the process ends by ${event}`, async () => {
    const { target, buffer } = setUp();
    buffer.add("last words\n");
    // A bare event: a real one would end the test run.
    globalThis.dispatchEvent(new Event(event));
    assertEquals(target.writes, ["sync:last words\n"]);
    await buffer.close();
  });
}

for (
  const { waitMs, written } of [{ waitMs: 999, written: true }, { waitMs: 1000, written: false }]
) {
  Deno.test(`LineBuffer.add() ${written ? "writes" : "gives up"} at the end after ${waitMs} ms of a write`, async () => {
    const { clock, target, buffer } = setUp();
    const gate = Promise.withResolvers<void>();
    target.gate = gate.promise;
    buffer.add("a\n");
    await clock.advance(50);
    buffer.add("b\n");
    await clock.advance(waitMs);
    globalThis.dispatchEvent(new Event("unload"));
    assertEquals(target.writes, written ? ["sync:b\n"] : []);
    gate.resolve();
    await buffer.close();
  });
}

Deno.test("LineBuffer.add() does not listen for the end once it is empty", async () => {
  const { target, buffer } = setUp();
  buffer.add("a\n");
  await buffer.flush();
  let reads = 0;
  target.writeSync = () => void reads++;
  globalThis.dispatchEvent(new Event("unload"));
  assertEquals(reads, 0);
});
