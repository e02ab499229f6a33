import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Shutdown } from "../proc/shutdown.ts";
import { noopLogger } from "../log/logger.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import { BulkExecutor } from "./bulk_executor.ts";
import { ChunkExecutor } from "./chunk_executor.ts";
import { DelayExecutor } from "./delay_executor.ts";
import { ClosedError } from "./errors.ts";
import { LessExecutor } from "./less_executor.ts";
import { PeriodicalExecutor } from "./periodical_executor.ts";

const MINUTE_MS = 60_000;
const E = new Error("E");
const never = () => new Promise<never>(() => {});

interface Batching {
  add(task: number): Promise<void>;
  flush(): Promise<boolean>;
  wait(options?: { signal?: AbortSignal }): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
interface Setup {
  limit?: number;
  intervalMs?: number;
  clock?: FakeClock;
  logger?: MemoryLog;
  shutdown?: Shutdown;
}

const kinds: Record<string, (execute: (tasks: number[]) => unknown, setup: Setup) => Batching> = {
  BulkExecutor: (execute, { limit: maxTasks, ...rest }) =>
    new BulkExecutor(execute, { maxTasks, ...rest }),
  ChunkExecutor(execute, { limit: maxBytes, ...rest }) {
    const chunks = new ChunkExecutor<number>(execute, { maxBytes, ...rest });
    return {
      add: (task) => chunks.add(task, 1),
      flush: () => chunks.flush(),
      wait: (options) => chunks.wait(options),
      [Symbol.asyncDispose]: () => chunks[Symbol.asyncDispose](),
    };
  },
};

for (const [name, make] of Object.entries(kinds)) {
  Deno.test(`${name} makes five batches of 10 from 50 tasks`, async () => {
    const batches: number[] = [];
    const clock = new FakeClock();
    const executor = make((tasks) => batches.push(tasks.length), {
      limit: 10,
      intervalMs: MINUTE_MS,
      clock,
    });
    for (let i = 0; i < 50; i++) await executor.add(i);
    await executor.wait();
    assertEquals([batches, clock.pendingTimers], [[10, 10, 10, 10, 10], 0]);
  });

  Deno.test(`${name} makes one batch of 5 by time`, async () => {
    const batches: number[][] = [];
    const clock = new FakeClock();
    const setup = { limit: 10, intervalMs: 100, clock };
    const executor = make((tasks) => batches.push(tasks), setup);
    for (let i = 0; i < 5; i++) await executor.add(i);
    await clock.advance(99);
    assertEquals([batches, clock.pendingTimers], [[], 1]);
    await clock.advance(1);
    assertEquals([batches, clock.pendingTimers], [[[0, 1, 2, 3, 4]], 0]);
    await clock.advance(10 * MINUTE_MS);
    assertEquals(batches.length, 1);
    await executor.add(5); // And it starts again.
    await clock.advance(100);
    assertEquals(batches, [[0, 1, 2, 3, 4], [5]]);
  });

  Deno.test(`${name} makes one batch of 5 when flushed`, async () => {
    const batches: number[] = [];
    const clock = new FakeClock();
    const executor = make((tasks) => batches.push(tasks.length), { limit: 10, clock });
    for (let i = 0; i < 5; i++) await executor.add(i);
    assertEquals([await executor.flush(), await executor.flush()], [true, false]);
    assertEquals([batches, clock.pendingTimers], [[5], 0]);
  });

  Deno.test(`${name} processes 1500 of 1500 at its default limit`, async () => {
    let processed = 0;
    const setup = { clock: new FakeClock(), limit: 1_000 };
    const executor = make((tasks) => processed += tasks.length, setup);
    for (let i = 0; i < 1_500; i++) await executor.add(i);
    await executor.flush();
    await executor.wait();
    assertEquals(processed, 1_500);
  });

  Deno.test(`${name} is not called without tasks, and refuses them once disposed`, async () => {
    let calls = 0;
    const executor = make(() => calls++, { clock: new FakeClock() });
    await executor.wait();
    assertEquals(await executor.flush(), false);
    await executor[Symbol.asyncDispose]();
    await executor[Symbol.asyncDispose]();
    assertEquals(calls, 0);
    await assertRejects(() => executor.add(1), ClosedError, "Cannot add task");
  });

  Deno.test(`${name}[Symbol.asyncDispose]() flushes and waits`, async () => {
    const clock = new FakeClock();
    const seen: number[][] = [];
    const executor = make(async (tasks) => {
      await clock.sleep(10);
      seen.push(tasks);
    }, { limit: 2, clock });
    for (let i = 0; i < 3; i++) await executor.add(i);
    const disposed = executor[Symbol.asyncDispose]();
    await clock.advance(10);
    await disposed;
    assertEquals([seen.toSorted((a, b) => a[0]! - b[0]!), clock.pendingTimers], [[[0, 1], [2]], 0]);
  });

  for (const how of ["throws", "rejects"]) {
    Deno.test(`${name} goes on after a batch that ${how}`, async () => {
      const logger = new MemoryLog();
      const seen: number[] = [];
      const executor = make((tasks) => {
        seen.push(...tasks);
        if (tasks[0] !== 0) return;
        if (how === "rejects") return Promise.reject(E);
        throw E;
      }, { limit: 2, clock: new FakeClock(), logger });
      for (let i = 0; i < 6; i++) await executor.add(i);
      await executor.wait();
      assertEquals(seen, [0, 1, 2, 3, 4, 5]);
      assertEquals(logger.contents("error"), ["Cannot finish batch: E"]);
    });
  }

  Deno.test(`${name} lets producers be one batch ahead of the one that runs`, async () => {
    const clock = new FakeClock();
    const executor = make(() => clock.sleep(100), { limit: 1, clock });
    let added = 0;
    const produce = async () => {
      for (; added < 5; added++) await executor.add(added);
    };
    void produce();
    await clock.advance(0);
    assertEquals(added, 1);
    await clock.advance(100);
    assertEquals(added, 2);
    await clock.advance(1_000);
    assertEquals(added, 5);
  });

  Deno.test(`${name}.wait() can be given up while a batch never settles`, async () => {
    const controller = new AbortController();
    const executor = make(never, { limit: 1, clock: new FakeClock() });
    await executor.add(1);
    const wait = executor.wait({ signal: controller.signal });
    controller.abort(E);
    await assertRejects(() => wait, Error, "E");
    await assertRejects(() => executor.wait({ signal: controller.signal }), Error, "E");
  });

  Deno.test(`${name} flushes at shutdown, unless disposed before`, async () => {
    const clock = new FakeClock({ autoAdvance: true });
    const shutdown = new Shutdown({ wrapUpMs: 0, clock, logger: noopLogger, exit: () => {} });
    const seen: number[] = [];
    let calls = 0;
    const flushed = make((tasks) => seen.push(...tasks), { clock, shutdown });
    const disposed = make(() => calls++, { clock, shutdown });
    await flushed.add(1);
    await disposed[Symbol.asyncDispose]();
    await shutdown.run();
    assertEquals([seen, calls], [[1], 0]);
  });

  for (const setup of [{ limit: 0 }, { limit: 1.5 }, { intervalMs: 0 }, { intervalMs: NaN }]) {
    Deno.test(`${name} refuses ${Object.entries(setup)}`, () => {
      assertThrows(() => make(() => {}, setup), RangeError, "Cannot make");
    });
  }
}

Deno.test("ChunkExecutor counts bytes, the task that crosses the limit included", async () => {
  const chunks: string[][] = [];
  await using executor = new ChunkExecutor<string>((it) => chunks.push(it), { maxBytes: 10 });
  for (const text of ["four", "seven77", "twelve======", "x"]) {
    await executor.add(text, text.length);
  }
  await executor.flush();
  assertEquals(chunks, [["four", "seven77"], ["twelve======"], ["x"]]);
  await assertRejects(() => executor.add("x", -1), RangeError, "bytes >= 0");
});

Deno.test("PeriodicalExecutor keeps the order over batches its container asks for", async () => {
  let kept: number[] = [];
  const seen: number[] = [];
  const executor = new PeriodicalExecutor<number, number[]>({
    addTask: (task) => kept.push(task) > 10,
    removeAll: () => kept.splice(0),
    async execute(batch) {
      await Promise.resolve();
      seen.push(...batch);
    },
  }, { clock: new FakeClock() });
  for (let i = 0; i < 100; i++) await executor.add(i);
  await executor.wait();
  kept = [];
  assertEquals(seen, Array.from({ length: 100 }, (_, i) => i));
});

const batches: { name: string; batch: unknown; something: boolean }[] = [
  { name: "an empty list", batch: [], something: false },
  { name: "an empty map", batch: new Map(), something: false },
  { name: "an empty set", batch: new Set(), something: false },
  { name: "null", batch: null, something: false },
  { name: "undefined", batch: undefined, something: false },
  { name: "a map", batch: new Map([[1, 2]]), something: true },
  { name: "zero", batch: 0, something: true },
];
for (const { name, batch, something } of batches) {
  Deno.test(`PeriodicalExecutor.flush() takes ${name} for ${something ? "something" : "nothing"}`, async () => {
    let executed = 0;
    const container = { addTask: () => false, removeAll: () => batch, execute: () => executed++ };
    const executor = new PeriodicalExecutor<number, unknown>(container);
    assertEquals([await executor.flush(), executed], [something, something ? 1 : 0]);
  });
}

Deno.test("PeriodicalExecutor reports a container that throws by its timer", async () => {
  const clock = new FakeClock();
  const logger = new MemoryLog();
  const executor = new PeriodicalExecutor<number, number[]>({
    addTask: () => false,
    removeAll: () => {
      throw E;
    },
    execute() {},
  }, { clock, logger, task: "rows" });
  await executor.add(1);
  await clock.advance(1_000);
  assertEquals(logger.contents("error"), ["Cannot finish rows: E"]);
});

Deno.test("DelayExecutor runs once for 100 triggers", async () => {
  const clock = new FakeClock();
  let runs = 0;
  const executor = new DelayExecutor(() => runs++, { delayMs: 10, clock });
  for (let i = 0; i < 100; i++) executor.trigger();
  await clock.advance(9);
  executor.trigger(); // Does not put off the run.
  assertEquals([runs, executor.pending], [0, true]);
  await clock.advance(1);
  assertEquals([runs, executor.pending, clock.pendingTimers], [1, false, 0]);
});

Deno.test("DelayExecutor runs again for a trigger from inside", async () => {
  const clock = new FakeClock();
  let runs = 0;
  const executor: DelayExecutor = new DelayExecutor(() => {
    if (++runs < 3) executor.trigger();
  }, { delayMs: 10, clock });
  executor.trigger();
  await clock.advance(100);
  assertEquals(runs, 3);
});

Deno.test("DelayExecutor reports a failure and can be triggered again", async () => {
  const clock = new FakeClock();
  const logger = new MemoryLog();
  const executor = new DelayExecutor(() => Promise.reject(E), { delayMs: 10, clock, logger });
  for (let i = 0; i < 2; i++) {
    executor.trigger();
    await clock.advance(10);
  }
  assertEquals(logger.contents("error"), Array(2).fill("Cannot finish delayed task: E"));
});

Deno.test("DelayExecutor[Symbol.asyncDispose]() runs what is due and refuses triggers", async () => {
  const clock = new FakeClock();
  let runs = 0;
  const executor = new DelayExecutor(async () => void (await Promise.resolve(), runs++), {
    delayMs: 10,
    clock,
  });
  executor.trigger();
  await executor[Symbol.asyncDispose]();
  assertEquals([runs, clock.pendingTimers], [1, 0]);
  await executor[Symbol.asyncDispose]();
  assertThrows(() => executor.trigger(), ClosedError);
  assertEquals(runs, 1);
  assertThrows(() => new DelayExecutor(() => {}, { delayMs: -1 }), RangeError, "delayMs >= 0");
});

Deno.test("LessExecutor runs at first, and again when more than the threshold has passed", () => {
  const clock = new FakeClock();
  const executor = new LessExecutor(MINUTE_MS, { clock });
  let runs = 0;
  const attempt = () => executor.doOrDiscard(() => void runs++);
  assertEquals([attempt(), attempt()], [true, false]);
  clock.elapse(MINUTE_MS);
  assertEquals(attempt(), false);
  clock.jumpWallTime(60 * MINUTE_MS); // The wall clock has no say.
  assertEquals(attempt(), false);
  clock.elapse(1);
  assertEquals([attempt(), attempt(), runs], [true, false, 2]);
});

Deno.test("LessExecutor lets a function that throws have had its turn", () => {
  const executor = new LessExecutor(MINUTE_MS, { clock: new FakeClock() });
  assertThrows(
    () =>
      executor.doOrDiscard(() => {
        throw E;
      }),
    Error,
    "E",
  );
  assert(!executor.doOrDiscard(() => {}));
  assertThrows(() => new LessExecutor(-1), RangeError, "thresholdMs >= 0");
});
