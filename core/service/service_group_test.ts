import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Shutdown } from "../proc/shutdown.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import type { Service } from "./service.ts";
import { ServiceGroup } from "./service_group.ts";
import { taskService } from "./task_service.ts";

interface Behaviour {
  start?: () => void | Promise<void>;
  stop?: () => void | Promise<void>;
}

/** Notes what happens to it; `finish` and `fail` end it from inside. */
class Recorded implements Service {
  readonly finished: Promise<void>;
  readonly finish: () => void;
  readonly fail: (error: Error) => void;

  constructor(
    readonly name: string,
    readonly seen: string[],
    readonly behaviour: Behaviour = {},
  ) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.finished = promise;
    this.finish = resolve;
    this.fail = reject;
  }

  async start(): Promise<void> {
    this.seen.push(`${this.name} starts`);
    await this.behaviour.start?.();
  }

  async stop(): Promise<void> {
    this.seen.push(`${this.name} stops`);
    await this.behaviour.stop?.();
    this.finish();
  }
}

function setUp() {
  const clock = new FakeClock();
  const logger = new MemoryLog({ clock });
  const exits: number[] = [];
  const shutdown = new Shutdown({
    wrapUpMs: 1000,
    clock,
    logger,
    exit: (code) => exits.push(code),
  });
  return { clock, logger, shutdown, exits, seen: [] as string[], group: new ServiceGroup() };
}

Deno.test("ServiceGroup.run() starts each service once and stops each once", async () => {
  const { clock, shutdown, logger, seen, group } = setUp();
  let product = 1;
  for (const factor of [2, 3, 5, 7]) {
    group.add(new Recorded(String(factor), seen, { start: () => void (product *= factor) }));
  }
  const running = group.run({ shutdown, signals: [], logger });
  await clock.advance(0);
  assertEquals(product, 210);
  const stopping = shutdown.run();
  await clock.advance(1000);
  await stopping;
  await running;
  await group.stop();
  assertEquals(seen.filter((it) => it.endsWith("stops")), [
    "7 stops",
    "5 stops",
    "3 stops",
    "2 stops",
  ]);
  assertEquals(product, 210);
  assertEquals(logger.contents("info"), ["Shutting down services in group"]);
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("ServiceGroup.start() starts all at once and resolves when all serve", async () => {
  const { clock, seen, group } = setUp();
  group.add(new Recorded("slow", seen, { start: () => clock.sleep(100) }));
  group.add(new Recorded("fast", seen));
  let serving = false;
  const starting = group.start().then(() => serving = true);
  await clock.advance(99);
  assertEquals([seen, serving], [["slow starts", "fast starts"], false]);
  await clock.advance(1);
  await starting;
  assertEquals(serving, true);
});

Deno.test("ServiceGroup.start() stops all when one cannot start, and throws why", async () => {
  const { seen, group } = setUp();
  group.add(new Recorded("good", seen));
  group.add(new Recorded("bad", seen, { start: () => Promise.reject(new Error("port in use")) }));
  await assertRejects(() => group.start(), Error, "port in use");
  assertEquals(seen, ["good starts", "bad starts", "bad stops", "good stops"]);
});

Deno.test("ServiceGroup.run() throws what start() throws", async () => {
  const { shutdown, logger, seen, group, clock } = setUp();
  group.add(
    new Recorded("bad", seen, {
      start: () => {
        throw new Error("port in use");
      },
    }),
  );
  await assertRejects(() => group.run({ shutdown, signals: [], logger }), Error, "port in use");
  assertEquals([seen, clock.pendingTimers], [["bad starts", "bad stops"], 0]);
});

Deno.test("ServiceGroup.run() returns when all services have finished", async () => {
  const { clock, shutdown, logger, seen, group } = setUp();
  const [one, two] = [new Recorded("one", seen), new Recorded("two", seen)];
  group.add(one).add(two);
  let returned = false;
  const running = group.run({ shutdown, signals: [], logger }).then(() => returned = true);
  one.finish();
  await clock.advance(0);
  assertEquals(returned, false);
  two.finish();
  await running;
  assertEquals(shutdown.signal.aborted, false);
});

Deno.test("ServiceGroup.run() stops the others when a service breaks, and throws why", async () => {
  const { clock, shutdown, logger, seen, group } = setUp();
  const broken = new Recorded("broken", seen);
  group.add(new Recorded("good", seen)).add(broken);
  const running = group.run({ shutdown, signals: [], logger });
  await clock.advance(0);
  broken.fail(new Error("lost the listener"));
  await assertRejects(() => running, Error, "lost the listener");
  assertEquals(seen.slice(2), ["broken stops", "good stops"]);
});

Deno.test("ServiceGroup.run() logs what stop() throws when something else broke first", async () => {
  const { clock, shutdown, logger, seen, group } = setUp();
  const broken = new Recorded("broken", seen, {
    stop: () => Promise.reject(new Error("and more")),
  });
  group.add(broken);
  const running = group.run({ shutdown, signals: [], logger });
  await clock.advance(0);
  broken.fail(new Error("first"));
  await assertRejects(() => running, Error, "first");
  assertEquals(logger.contents("error"), ["Cannot stop services"]);
  assertEquals(logger.records.at(-1)?.fields.error, "and more");
});

Deno.test("ServiceGroup.run() waits for the other listeners of the shutdown", async () => {
  const { clock, shutdown, logger, seen, group } = setUp();
  group.add(new Recorded("service", seen));
  shutdown.onShutdown(async () => {
    await clock.sleep(500);
    seen.push("database closed");
  });
  const running = group.run({ shutdown, signals: [], logger }).then(() => seen.push("returned"));
  await clock.advance(0);
  shutdown.run();
  await clock.advance(1500);
  await running;
  assertEquals(seen.slice(1), ["service stops", "database closed", "returned"]);
});

Deno.test("ServiceGroup.run() takes its listener back", async () => {
  const { clock, shutdown, logger, group } = setUp();
  group.add(taskService("job", () => {}));
  await group.run({ shutdown, signals: [], logger });
  const stopping = shutdown.run();
  await clock.advance(1000);
  await stopping;
  assertEquals(logger.contents("info"), []);
});

Deno.test("ServiceGroup.stop() stops all though some throw, and says what they threw", async () => {
  const { seen, group } = setUp();
  group.add(new Recorded("a", seen, { stop: () => Promise.reject(new Error("a broke")) }));
  group.add(new Recorded("b", seen));
  group.add(new Recorded("c", seen, { stop: () => Promise.reject(new Error("c broke")) }));
  const error = await assertRejects(
    () => group.stop(),
    AggregateError,
    "Cannot stop services: 2 failed",
  );
  assertEquals(error.errors.map((it: Error) => it.message), ["c broke", "a broke"]);
  assertEquals(seen, ["c stops", "b stops", "a stops"]);
});

Deno.test("ServiceGroup.add() refuses services once it has started", async () => {
  const { seen, group } = setUp();
  await group.start();
  assertThrows(
    () => group.add(new Recorded("late", seen)),
    Error,
    'Cannot add service "late": the group has started',
  );
  await group[Symbol.asyncDispose]();
});

Deno.test("taskService() runs once, and finished tells how it went", async () => {
  let runs = 0;
  const service = taskService("job", () => {
    runs++;
    throw new Error("job failed");
  });
  await service.start();
  await service.start();
  await assertRejects(() => service.finished, Error, "job failed");
  await service.stop(); // It has stopped already, which is what stop() promises.
  assertEquals([service.name, runs], ["job", 1]);
});

Deno.test("taskService() stop() aborts the signal and waits for the end", async () => {
  const clock = new FakeClock();
  const seen: string[] = [];
  const service = taskService("job", async (signal) => {
    await clock.sleep(60_000, { signal }).catch(() => seen.push("aborted"));
    await clock.sleep(100);
    seen.push("cleaned up");
  });
  await service.start();
  const stopping = service.stop().then(() => seen.push("stopped"));
  await clock.advance(100);
  await stopping;
  await service.finished;
  assertEquals([seen, clock.pendingTimers], [["aborted", "cleaned up", "stopped"], 0]);
});

Deno.test("taskService() that is stopped before it starts never runs", async () => {
  let runs = 0;
  const service = taskService("job", () => void runs++);
  await service.stop();
  await service.start();
  await service.finished;
  assertEquals(runs, 0);
});
