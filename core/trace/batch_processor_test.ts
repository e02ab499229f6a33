import fc from "npm:fast-check@^3";
import { assertEquals, assertThrows } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { BatchProcessor, type BatchProcessorOptions } from "./batch_processor.ts";
import { createTracer } from "./create_tracer.ts";
import type { SpanExporter } from "./exporter.ts";
import type { SpanData } from "./span.ts";

type Export = (spans: readonly SpanData[], signal: AbortSignal) => Promise<number | void>;

function setUp(options: BatchProcessorOptions = {}, exporting: Export = () => Promise.resolve()) {
  const clock = new FakeClock();
  const batches: string[][] = [];
  const errors: string[] = [];
  let closed = 0;
  const exporter: SpanExporter = {
    export(spans, signal) {
      batches.push(spans.map((span) => span.name));
      return exporting(spans, signal);
    },
    close: () => Promise.resolve(void closed++),
  };
  const onError = (message: string) => errors.push(message);
  const processor = new BatchProcessor(exporter, { clock, onError, ...options });
  const tracer = createTracer({ processor, clock });
  const end = (count: number) => {
    for (let index = 0; index < count; index++) tracer.startSpan(`s${index}`).end();
  };
  const sizes = () => batches.map((batch) => batch.length);
  return { clock, batches, sizes, errors, processor, end, closed: () => closed };
}

Deno.test("BatchProcessor sends after five seconds what is no full batch", async () => {
  const { clock, sizes, processor, end } = setUp();
  end(3);
  await clock.advance(4999);
  assertEquals(sizes(), []);
  await clock.advance(1);
  assertEquals(sizes(), [3]);
  assertEquals(processor.stats, { exported: 3, failed: 0, dropped: 0, queued: 0 });
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("BatchProcessor sends a full batch at once, but not within the call", async () => {
  const { clock, sizes, end } = setUp();
  end(511);
  await clock.advance(0);
  assertEquals(sizes(), []);
  end(1);
  assertEquals(sizes(), []);
  await clock.advance(0);
  assertEquals(sizes(), [512]);
});

Deno.test("BatchProcessor holds 2048 spans and drops the rest", async () => {
  const { promise: busy, resolve } = Promise.withResolvers<void>();
  const { clock, sizes, processor, end } = setUp({}, () => busy);
  end(512);
  await clock.advance(0); // The first batch is on its way and never arrives for now.
  end(3000);
  assertEquals(processor.stats, { exported: 0, failed: 0, dropped: 952, queued: 2048 });
  resolve();
  await clock.advance(0);
  assertEquals(sizes(), [512, 512, 512, 512, 512]);
  assertEquals(processor.stats, { exported: 2560, failed: 0, dropped: 952, queued: 0 });
});

Deno.test("BatchProcessor keeps what came while it was sending for the next time", async () => {
  const { promise: busy, resolve } = Promise.withResolvers<void>();
  const { clock, sizes, end } = setUp({}, () => busy);
  end(512);
  await clock.advance(0);
  end(5);
  resolve();
  await clock.advance(4999);
  assertEquals(sizes(), [512]);
  await clock.advance(1);
  assertEquals(sizes(), [512, 5]);
});

Deno.test("BatchProcessor.flush() sends everything, in batches", async () => {
  const { sizes, processor, end, clock } = setUp({ maxBatchSize: 2, maxQueueSize: 10 });
  end(1);
  await processor.flush();
  end(5);
  await processor.flush();
  assertEquals(sizes(), [1, 2, 2, 1]);
  await processor.flush();
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("BatchProcessor tells of an error once, until it differs or an export worked", async () => {
  const results = ["down", "down", "no route", "", "no route"];
  const { errors, processor, end } = setUp({}, () => {
    const message = results.shift();
    return message ? Promise.reject(new Error(message)) : Promise.resolve();
  });
  for (let index = 0; index < 5; index++) {
    end(1);
    await processor.flush();
  }
  assertEquals(errors, [
    "[otel] error: down",
    "[otel] error: no route",
    "[otel] error: no route",
  ]);
  assertEquals(processor.stats, { exported: 1, failed: 4, dropped: 0, queued: 0 });
});

Deno.test("BatchProcessor survives an exporter that throws at once", async () => {
  const { errors, processor, end } = setUp({}, () => {
    throw new Error("broken");
  });
  end(1);
  await processor.flush();
  assertEquals([errors, processor.stats.failed], [["[otel] error: broken"], 1]);
});

Deno.test("BatchProcessor counts the spans that the receiver refused", async () => {
  const { processor, end } = setUp({}, () => Promise.resolve(2));
  end(5);
  await processor.flush();
  assertEquals(processor.stats, { exported: 3, failed: 2, dropped: 0, queued: 0 });
});

Deno.test("BatchProcessor gives up an export that never settles, and goes on", async () => {
  const signals: AbortSignal[] = [];
  const { clock, sizes, processor, end } = setUp({}, (_, signal) => {
    signals.push(signal);
    return new Promise(() => {});
  });
  end(1);
  await clock.advance(5000);
  end(1);
  await clock.advance(29_999);
  assertEquals([sizes(), signals[0]?.aborted], [[1], false]);
  await clock.advance(1);
  assertEquals([signals[0]?.aborted, processor.stats.failed], [true, 1]);
  await clock.advance(5000);
  assertEquals(sizes(), [1, 1]);
});

Deno.test("BatchProcessor gives up what is left when it cannot be closed in time", async () => {
  const { clock, processor, end, closed } = setUp(
    { maxBatchSize: 1, maxQueueSize: 10 },
    () => new Promise(() => {}),
  );
  end(4);
  const closing = processor[Symbol.asyncDispose]();
  await clock.advance(3999);
  assertEquals(closed(), 0);
  await clock.advance(1);
  await closing;
  assertEquals(closed(), 1);
  assertEquals(processor.stats, { exported: 0, failed: 4, dropped: 0, queued: 0 });
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("BatchProcessor closes once, and drops what ends later", async () => {
  const { clock, sizes, processor, end, closed } = setUp();
  end(2);
  await Promise.all([processor[Symbol.asyncDispose](), processor[Symbol.asyncDispose]()]);
  end(1);
  await clock.advance(10_000);
  assertEquals([sizes(), closed(), processor.stats.dropped], [[2], 1, 1]);
});

Deno.test("BatchProcessor tells of an exporter that cannot be closed", async () => {
  const errors: string[] = [];
  const exporter = {
    export: () => Promise.resolve(),
    close: () => Promise.reject(new Error("stuck")),
  };
  const processor = new BatchProcessor(exporter, { onError: (message) => errors.push(message) });
  await processor[Symbol.asyncDispose]();
  assertEquals(errors, ["[otel] error: stuck"]);
});

Deno.test("BatchProcessor is not moved by a clock that is set", async () => {
  const { clock, sizes, end } = setUp();
  end(1);
  clock.jumpWallTime(3_600_000);
  await clock.advance(4999);
  assertEquals(sizes(), []);
  clock.jumpWallTime(-7_200_000);
  await clock.advance(1);
  assertEquals(sizes(), [1]);
});

const wrong: [options: BatchProcessorOptions, message: string][] = [
  [{ maxQueueSize: 0 }, "maxQueueSize >= 1, got 0"],
  [{ maxQueueSize: 1.5 }, "maxQueueSize >= 1, got 1.5"],
  [{ maxBatchSize: 0 }, "maxBatchSize within 1 to 2048, got 0"],
  [{ maxQueueSize: 5, maxBatchSize: 6 }, "maxBatchSize within 1 to 5, got 6"],
  [{ delayMs: 0 }, "delayMs > 0, got 0"],
  [{ exportTimeoutMs: NaN }, "exportTimeoutMs > 0, got NaN"],
  [{ flushTimeoutMs: -1 }, "flushTimeoutMs > 0, got -1"],
];

for (const [options, message] of wrong) {
  Deno.test(`new BatchProcessor() refuses ${JSON.stringify(options)}`, () => {
    assertThrows(() => setUp(options), RangeError, message);
  });
}

Deno.test("BatchProcessor loses no span without counting it, whatever happens", async () => {
  const step = fc.oneof(
    fc.record({ end: fc.integer({ min: 0, max: 8 }) }),
    fc.record({ wait: fc.integer({ min: 0, max: 12_000 }) }),
    fc.constant({ flush: true }),
  );
  const outcome = fc.constantFrom("ok", "fail", "slow", "hang");
  const runs = fc.record({
    steps: fc.array(step, { maxLength: 25 }),
    outcomes: fc.array(outcome, { maxLength: 10 }),
  });
  await fc.assert(
    fc.asyncProperty(runs, async ({ steps, outcomes }) => {
      const options = { maxQueueSize: 10, maxBatchSize: 3, exportTimeoutMs: 3000 };
      let active = 0;
      const { clock, processor, end } = setUp(options, async () => {
        assertEquals(++active, 1, "two exports at once");
        try {
          const next = outcomes.shift() ?? "ok";
          if (next === "fail") throw new Error("down");
          if (next === "slow") await clock.sleep(1000);
          if (next === "hang") await clock.sleep(2999);
        } finally {
          active--;
        }
      });
      let ended = 0;
      for (const it of steps) {
        if ("end" in it) {
          end(it.end);
          ended += it.end;
        }
        if ("wait" in it) await clock.advance(it.wait);
        if ("flush" in it) {
          const flushed = processor.flush();
          await clock.advance(4000);
          await flushed;
        }
      }
      const closed = processor[Symbol.asyncDispose]();
      await clock.advance(10_000);
      await closed;
      const { exported, failed, dropped, queued } = processor.stats;
      assertEquals([exported + failed + dropped, queued], [ended, 0]);
      assertEquals(clock.pendingTimers, 0);
    }),
    { numRuns: 60 },
  );
});
