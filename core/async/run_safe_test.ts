import { assert, assertEquals, assertRejects } from "@std/assert";
import { MemoryLog } from "../testing/memory_log.ts";
import { onPanic, panicCount, reportPanic } from "./panic.ts";
import { RoutineGroup } from "./routine_group.ts";
import { goSafe, runSafe } from "./run_safe.ts";
import { WorkerGroup } from "./worker_group.ts";

const failures: Record<string, () => unknown> = {
  "a rejection": () => Promise.reject(new Error("down")),
  "a synchronous throw": () => {
    throw new Error("down");
  },
};
for (const [name, fail] of Object.entries(failures)) {
  Deno.test(`runSafe() counts, shows and logs ${name}`, async () => {
    const logger = new MemoryLog();
    const before = panicCount();
    const seen: unknown[] = [];
    using _observing = onPanic(({ task, error }) => seen.push([task, (error as Error).message]));
    assertEquals(await runSafe(fail, { task: "mail", logger }), undefined);
    assertEquals(panicCount() - before, 1);
    assertEquals(seen, [["mail", "down"]]);
    assertEquals(logger.contents("error"), ["Cannot finish mail: down"]);
    assert(String(logger.records[0]?.fields.stack).includes("run_safe_test.ts"));
  });
}

Deno.test("runSafe() runs cleanups in order, also after a failure of one", async () => {
  const logger = new MemoryLog();
  const seen: string[] = [];
  const cleanups = [
    () => void seen.push("first"),
    () => Promise.reject(new Error("stuck")),
    () => void seen.push("last"),
  ];
  assertEquals(await runSafe(() => 1, { cleanups, logger }), 1);
  await runSafe(() => Promise.reject(new Error("down")), { task: "job", cleanups, logger });
  assertEquals(seen, ["first", "last", "first", "last"]);
  assertEquals(logger.contents("error"), [
    "Cannot finish cleanup of task: stuck",
    "Cannot finish job: down",
    "Cannot finish cleanup of job: stuck",
  ]);
});

Deno.test("goSafe() starts later and swallows failures", async () => {
  const logger = new MemoryLog();
  const seen: string[] = [];
  goSafe(() => void seen.push("ran"), { logger });
  goSafe(() => Promise.reject("text"), { logger });
  assertEquals(seen, []);
  for (let i = 0; i < 5; i++) await Promise.resolve();
  assertEquals([seen, logger.contents("error")], [["ran"], ["Cannot finish task: text"]]);
});

Deno.test("onPanic() survives an observer that throws and forgets a disposed one", () => {
  const logger = new MemoryLog();
  let seen = 0;
  {
    using _faulty = onPanic(() => {
      throw new Error("observer");
    });
    using _counting = onPanic(() => void seen++);
    reportPanic({ task: "job", error: new Error("down") }, logger);
  }
  reportPanic({ task: "job", error: undefined }, logger);
  assertEquals(seen, 1);
  assertEquals(logger.contents("error"), [
    "Cannot observe panic: observer",
    "Cannot finish job: down",
    "Cannot finish job: undefined",
  ]);
});

Deno.test("RoutineGroup.runSafe() reports one of three and the others count", async () => {
  const logger = new MemoryLog();
  const group = new RoutineGroup();
  let count = 0;
  group.runSafe(() => void count++, { logger });
  group.runSafe(() => Promise.reject(new Error("down")), { logger });
  group.runSafe(async () => void (await Promise.resolve(), count++), { logger });
  assertEquals(group.size, 3);
  await group.wait();
  assertEquals([count, group.size, logger.contents("error").length], [2, 0, 1]);
});

for (const [name, fail] of Object.entries(failures)) {
  Deno.test(`RoutineGroup.wait() throws ${name} once, when all have finished`, async () => {
    const group = new RoutineGroup();
    let count = 0;
    group.run(fail);
    group.run(async () => {
      await Promise.resolve();
      group.run(() => void count++); // What is started meanwhile is waited for too.
    });
    await assertRejects(() => group.wait(), Error, "down");
    assertEquals(count, 1);
    await group.wait();
  });
}

Deno.test("WorkerGroup.start() runs the job so many times at once", async () => {
  const logger = new MemoryLog();
  const seen: number[] = [];
  const job = async (index: number) => {
    await Promise.resolve();
    if (index === 1) throw new Error("worker down");
    seen.push(index);
  };
  await new WorkerGroup(job, 3, { logger }).start();
  assertEquals([seen, logger.contents("error")], [[0, 2], ["Cannot finish worker: worker down"]]);
});

for (const workers of [0, -1, 1.5, NaN]) {
  Deno.test(`WorkerGroup refuses ${workers} workers`, () => {
    let error: unknown;
    try {
      new WorkerGroup(() => {}, workers);
    } catch (thrown) {
      error = thrown;
    }
    assert(error instanceof RangeError && error.message.includes("workers >= 1"));
  });
}
