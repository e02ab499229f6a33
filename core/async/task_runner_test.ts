import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import { BusyError, ClosedError } from "./errors.ts";
import { StableRunner } from "./stable_runner.ts";
import { TaskRunner } from "./task_runner.ts";

const E = new Error("E");
const never = () => new Promise<never>(() => {});

Deno.test("TaskRunner.scheduleImmediately() takes N of 2N tasks", async () => {
  const clock = new FakeClock();
  const runner = new TaskRunner(4);
  let [taken, busy] = [0, 0];
  for (let i = 0; i < 8; i++) {
    try {
      runner.scheduleImmediately(() => clock.sleep(100));
      taken++;
    } catch (error) {
      if (error instanceof BusyError && error.limit === 4) busy++;
    }
  }
  assertEquals([taken, busy, runner.active], [4, 4, 4]);
  await clock.advance(100);
  assertEquals(runner.active, 0);
});

Deno.test("TaskRunner.schedule() waits for room, in the order of asking", async () => {
  const clock = new FakeClock();
  const runner = new TaskRunner(2);
  const started: number[] = [];
  for (let i = 0; i < 5; i++) {
    void runner.schedule(() => {
      started.push(i);
      return clock.sleep(10);
    });
  }
  await clock.advance(0);
  assertEquals([started, runner.active, runner.waiting], [[0, 1], 2, 3]);
  const all = runner.wait();
  await clock.advance(10);
  assertEquals(started, [0, 1, 2, 3]);
  await clock.advance(20);
  await all;
  assertEquals([started, runner.active], [[0, 1, 2, 3, 4], 0]);
});

Deno.test("TaskRunner reports tasks that throw or reject and goes on", async () => {
  const logger = new MemoryLog();
  const runner = new TaskRunner(1, { task: "mail", logger });
  await runner.schedule(() => {
    throw E;
  });
  await runner.schedule(() => Promise.reject(E));
  let ran = false;
  await runner.schedule(() => void (ran = true));
  await runner.wait();
  assertEquals([ran, logger.contents("error")], [true, Array(2).fill("Cannot finish mail: E")]);
});

Deno.test("TaskRunner waits end with their signal; the task does not run", async () => {
  const runner = new TaskRunner(1);
  await runner.schedule(never);
  const controller = new AbortController();
  const { signal } = controller;
  let ran = false;
  const waits = [runner.schedule(() => void (ran = true), { signal }), runner.wait({ signal })];
  controller.abort(E);
  for (const wait of waits) await assertRejects(() => wait, Error, "E");
  await assertRejects(() => runner.schedule(never, { signal }), Error, "E");
  assertEquals([ran, runner.waiting], [false, 0]);
});

Deno.test("TaskRunner[Symbol.asyncDispose]() waits for what it has and takes no more", async () => {
  const clock = new FakeClock();
  const runner = new TaskRunner(1);
  const seen: number[] = [];
  const task = (id: number) => async () => {
    await clock.sleep(10);
    seen.push(id);
  };
  await runner.schedule(task(1));
  const queued = runner.schedule(task(2));
  const disposed = runner[Symbol.asyncDispose]();
  await assertRejects(() => runner.schedule(task(3)), ClosedError);
  assertThrows(() => runner.scheduleImmediately(task(3)), ClosedError);
  await clock.advance(20);
  await Promise.all([queued, disposed]);
  assertEquals(seen, [1, 2]);
});

for (const concurrency of [0, -1, 1.5, NaN]) {
  Deno.test(`TaskRunner refuses a concurrency of ${concurrency}`, () => {
    assertThrows(() => new TaskRunner(concurrency), RangeError, "concurrency >= 1");
  });
}

Deno.test("StableRunner gives v + 0.5 in the order of the pushes", async () => {
  const clock = new FakeClock();
  const runner = new StableRunner<number, number>(async (value) => {
    await clock.sleep((value * 7919) % 50);
    return value + 0.5;
  }, { workers: 4 });
  const size = 2 * 10 * 4;
  const produce = async () => {
    for (let i = 0; i < size; i++) await runner.push(i);
    runner.close();
  };
  const results = Array.fromAsync(runner);
  void produce();
  await clock.advance(50 * size);
  assertEquals(await results, Array.from({ length: size }, (_, i) => i + 0.5));
});

Deno.test("StableRunner.push() waits while results are not taken", async () => {
  let handled = 0;
  const runner = new StableRunner((value: number) => (handled++, value), {
    workers: 1,
    capacity: 2,
  });
  await runner.push(1);
  await runner.push(2);
  const controller = new AbortController();
  const third = runner.push(3, { signal: controller.signal });
  controller.abort(E);
  await assertRejects(() => third, Error, "E");
  assertEquals([await runner.get(), await runner.get(), handled], [1, 2, 2]);
});

Deno.test("StableRunner.get() throws what handling threw, in its place", async () => {
  const runner = new StableRunner((value: number) => {
    if (value === 2) throw E;
    return value === 3 ? Promise.reject(E) : value;
  });
  for (const value of [1, 2, 3, 4]) await runner.push(value);
  runner.close();
  assertEquals(await runner.get(), 1);
  for (let i = 0; i < 2; i++) await assertRejects(() => runner.get(), Error, "E");
  assertEquals(await runner.get(), 4);
  await assertRejects(() => runner.get(), ClosedError, "Cannot get result");
  await assertRejects(() => runner.push(5), ClosedError);
});

Deno.test("StableRunner drops results when disposed, and get() can be given up", async () => {
  const runner = new StableRunner<number, number>((value) => value === 1 ? never() : value);
  await runner.push(1);
  await runner.push(2);
  runner[Symbol.dispose]();
  await assertRejects(() => runner.get(), ClosedError);
  const waiting = new StableRunner((value: number) => value);
  const signal = AbortSignal.abort(E);
  await assertRejects(() => waiting.get({ signal }), Error, "E");
});

for (const options of [{ workers: 0 }, { capacity: 0 }, { workers: NaN }]) {
  Deno.test(`StableRunner refuses ${Object.entries(options)}`, () => {
    assertThrows(
      () => new StableRunner(() => {}, options),
      RangeError,
      "Cannot make stable runner",
    );
  });
}
