import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DebugRegistry } from "../admin/debug_registry.ts";
import { ServiceError } from "../errors.ts";
import { MetricRegistry } from "../metric/registry.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import type { WorkerPort } from "./supervised_worker.ts";
import { WorkerLink } from "./worker_link.ts";
import { WorkerPool, type WorkerPoolOptions } from "./worker_pool.ts";

/** A worker in this thread: two ends of one line, messages handed over as they would be between threads. */
class LocalWorker extends EventTarget implements WorkerPort {
  readonly link: WorkerLink;
  readonly scope: EventTarget & {
    name: string;
    postMessage(message: unknown): void;
    close(): void;
  };
  isTerminated = false;
  isClosed = false;

  constructor(name: string) {
    super();
    const postMessage = (data: unknown) => this.#deliver(this, data);
    const close = () => void (this.isClosed = true);
    this.scope = Object.assign(new EventTarget(), { name, postMessage, close });
    this.link = new WorkerLink(this.scope);
  }

  postMessage(data: unknown): void {
    this.#deliver(this.scope, data);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  breakDown(message: string): void {
    this.dispatchEvent(new ErrorEvent("error", { message, cancelable: true }));
  }

  #deliver(target: EventTarget, data: unknown): void {
    if (this.isTerminated) return;
    queueMicrotask(() =>
      target.dispatchEvent(new MessageEvent("message", { data: structuredClone(data) }))
    );
  }
}

function poolOf(
  count: number,
  behave: (worker: LocalWorker) => void,
  options: Partial<WorkerPoolOptions> = {},
) {
  const workers: LocalWorker[] = [];
  const clock = new FakeClock();
  const log = new MemoryLog({ clock });
  const pool = new WorkerPool({
    module: "file:///service.ts",
    count,
    clock,
    logger: log,
    create: (_module, name) => {
      const worker = new LocalWorker(name);
      workers.push(worker);
      behave(worker);
      return worker;
    },
    ...options,
  });
  return { pool, workers, clock, log };
}

/** A worker that serves `served` requests and ends when it is asked to. */
function serves(served = 1) {
  return ({ link }: LocalWorker) => {
    const metrics = new MetricRegistry();
    metrics.counter({ name: "served_total" }).inc(served * link.number);
    const debug = new DebugRegistry();
    debug.register("routes", "orders", () => [`/${link.number}`]);
    link.ready({ metrics, debug });
    link.stopping.then(() => link.stopped());
  };
}

/** Lets messages arrive. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

Deno.test("WorkerPool adds up the figures of its workers and tells their states apart", async () => {
  const { pool } = poolOf(3, serves(10));
  await pool.start();
  assertEquals(pool.readyCount, 3);
  const [family] = await pool.snapshot();
  assertEquals(family?.series, [{ labels: [], value: 60 }]);
  const states = await pool.state();
  assertEquals([...states.keys()], [1, 2, 3]);
  assertEquals(states.get(2), { routes: { orders: ["/2"] } });
  await pool.stop(1000);
  await pool.finished;
});

Deno.test("WorkerPool.stop() asks all and waits for them", async () => {
  const { pool, workers } = poolOf(2, serves());
  await pool.start();
  await pool.stop(1000);
  assertEquals(workers.map(({ isClosed }) => isClosed), [true, true]);
  assertEquals(await pool.snapshot(), []);
});

Deno.test("WorkerPool.stop() ends those that do not end themselves", async () => {
  const { pool, workers, clock } = poolOf(2, ({ link }) => {
    link.ready({ metrics: new MetricRegistry(), debug: new DebugRegistry() });
    if (link.number === 1) link.stopping.then(() => link.stopped());
  });
  await pool.start();
  const stopped = pool.stop(1000);
  await clock.advance(999);
  assertEquals(workers[1]!.isTerminated, false);
  await clock.advance(1);
  await stopped;
  assertEquals(workers[1]!.isTerminated, true);
});

Deno.test("WorkerPool makes a worker anew that breaks, later each time, and asks the others meanwhile", async () => {
  const { pool, workers, clock, log } = poolOf(2, serves(1));
  await pool.start();
  for (const [backoffMs, made] of [[500, 3], [1000, 4], [2000, 5]] as const) {
    workers.at(-1)!.breakDown("out of luck");
    await settle();
    assertEquals((await pool.snapshot())[0]?.series[0], { labels: [], value: 1 });
    await clock.advance(backoffMs - 1);
    assertEquals(workers.length, made - 1);
    await clock.advance(1);
    await settle();
    assertEquals([workers.length, pool.readyCount], [made, 2]);
    assertEquals(workers.at(-1)!.link.number, 2);
  }
  const [first] = log.contents("error");
  assertEquals(first, "Worker 2 broke and is made anew in 500 ms: out of luck");
  await clock.advance(60_000);
  workers.at(-1)!.breakDown("again");
  await clock.advance(500);
  assertEquals(workers.length, 6);
  await pool.stop(1000);
});

for (
  const [how, breakDown] of [
    ["it throws", (worker: LocalWorker) => queueMicrotask(() => worker.breakDown("no database"))],
    ["it says so", (worker: LocalWorker) => worker.link.failed("no database")],
  ] as const
) {
  Deno.test(`WorkerPool.start() fails as a whole if one worker cannot start: ${how}`, async () => {
    const { pool, workers, clock } = poolOf(
      2,
      (worker) => worker.link.number === 1 ? serves()(worker) : breakDown(worker),
    );
    const started = assertRejects(
      () => pool.start(),
      ServiceError,
      "Cannot start worker 2: no database",
    );
    await clock.advance(1);
    await started;
    assert(workers.every(({ isTerminated }) => isTerminated));
    await clock.advance(60_000);
    assertEquals(workers.length, 2);
  });
}

Deno.test("WorkerPool.stop() while a broken worker waits for its turn makes none anew", async () => {
  const { pool, workers, clock } = poolOf(1, serves());
  await pool.start();
  workers[0]!.breakDown("oops");
  await settle();
  await pool.stop(10);
  await clock.advance(60_000);
  assertEquals(workers.length, 1);
});

Deno.test("WorkerPool.finished resolves when all workers are done by themselves", async () => {
  const { pool, workers } = poolOf(2, serves());
  await pool.start();
  for (const { link } of workers) link.stopped();
  await pool.finished;
});

Deno.test("a worker that never answers does not hold up the figures of the others", async () => {
  const { pool, clock, workers } = poolOf(2, serves(5));
  await pool.start();
  workers[0]!.postMessage = () => {}; // Its thread is busy.
  const figures = pool.snapshot();
  await clock.advance(1000);
  assertEquals((await figures)[0]?.series[0], { labels: [], value: 10 });
  const stopped = pool.stop(5);
  await clock.advance(5);
  await stopped;
});

Deno.test("messages of the program itself go by", async () => {
  const { pool, workers } = poolOf(1, serves());
  await pool.start();
  for (const data of [null, 7, "ready", {}, { zeno: 1 }, { id: 3 }]) {
    workers[0]!.scope.postMessage(data);
    workers[0]!.postMessage(data);
  }
  await settle();
  assertEquals(pool.readyCount, 1);
  await pool.stop(10);
});

Deno.test("WorkerPool refuses wrong numbers, and a second start", async () => {
  for (const count of [0, 1.5, -1, NaN]) {
    assertThrows(() => new WorkerPool({ module: "x", count }), RangeError, "count");
  }
  assertThrows(
    () => new WorkerPool({ module: "x", count: 1, answerMs: 0 }),
    RangeError,
    "answerMs",
  );
  const { pool } = poolOf(1, serves());
  await pool.start();
  await assertRejects(() => pool.start(), TypeError, "started before");
  await pool.stop(10);
});
