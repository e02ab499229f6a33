import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "npm:fast-check@^3";
import { DeadlineWheel } from "../async/deadline_wheel.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { CountedSignal } from "../timeout/_counted_signal_test.ts";
import { DeadlineExceededError } from "../timeout/errors.ts";
import { QueueFullError } from "./errors.ts";
import { type Permit, Semaphore } from "./semaphore.ts";

const wrong = [
  { name: "no capacity", make: () => new Semaphore(0), says: "capacity >= 1, got 0" },
  { name: "half a permit", make: () => new Semaphore(1.5), says: "capacity >= 1, got 1.5" },
  { name: "NaN", make: () => new Semaphore(NaN), says: "capacity >= 1, got NaN" },
  {
    name: "a negative queue",
    make: () => new Semaphore(1, { maxWaiting: -1 }),
    says: "maxWaiting >= 0, got -1",
  },
  { name: "no weight", make: () => new Semaphore(1).tryAcquire(0), says: "from 1 to 1, got 0" },
  { name: "more than all", make: () => new Semaphore(3).tryAcquire(4), says: "1 to 3, got 4" },
];
for (const { name, make, says } of wrong) {
  Deno.test(`Semaphore refuses ${name}`, () => {
    assertThrows(make, RangeError, says);
  });
}

Deno.test("Semaphore.acquire() refuses what could never be granted", async () => {
  const semaphore = new Semaphore(2);
  await assertRejects(() => semaphore.acquire({ weight: 3 }), RangeError, "from 1 to 2, got 3");
  await assertRejects(() => semaphore.acquire({ timeoutMs: 0 }), RangeError, "timeoutMs > 0");
  assertEquals([semaphore.available, semaphore.waiting], [2, 0]);
});

Deno.test("Semaphore.tryAcquire() takes until nothing is left", () => {
  const semaphore = new Semaphore(2);
  const first = semaphore.tryAcquire();
  const second = semaphore.tryAcquire();
  assert(first && second);
  assertEquals(semaphore.tryAcquire(), undefined);
  first.release();
  assert(semaphore.tryAcquire());
});

Deno.test("Permit gives back once, however often it is released", () => {
  const semaphore = new Semaphore(2);
  const permit = semaphore.tryAcquire()!;
  permit.release();
  permit.release();
  permit[Symbol.dispose]();
  assertEquals(semaphore.available, 2);
});

Deno.test("Semaphore.acquire() serves in the order of asking, and nobody overtakes", async () => {
  const semaphore = new Semaphore(3);
  const all = semaphore.tryAcquire(3)!;
  const order: string[] = [];
  const ask = (name: string, weight: number) =>
    semaphore.acquire({ weight }).then((permit) => {
      order.push(name);
      return permit;
    });
  const heavy = ask("heavy", 3);
  const light = ask("light", 1);
  all.release();
  assertEquals(semaphore.tryAcquire(), undefined, "the heavy one was granted first");
  (await heavy).release();
  (await light).release();
  assertEquals([order, semaphore.available], [["heavy", "light"], 3]);
});

Deno.test("Semaphore.tryAcquire() does not pass those who wait", async () => {
  const semaphore = new Semaphore(2);
  const one = semaphore.tryAcquire()!;
  const waiting = semaphore.acquire({ weight: 2 });
  assertEquals([semaphore.available, semaphore.tryAcquire()], [1, undefined]);
  one.release();
  (await waiting).release();
});

Deno.test("Semaphore.acquire() ends with the signal's reason and leaves no listener", async () => {
  const semaphore = new Semaphore(1);
  const held = semaphore.tryAcquire()!;
  const listening = new CountedSignal();
  const waiting = semaphore.acquire({ signal: listening.signal });
  assertEquals([semaphore.waiting, listening.count], [1, 1]);
  listening.abort("enough");
  assertEquals(await waiting.catch((reason) => reason), "enough");
  assertEquals([semaphore.waiting, listening.count], [0, 0]);
  const aborted = semaphore.acquire({ signal: listening.signal });
  assertEquals(await aborted.catch((reason) => reason), "enough");
  held.release();
  assertEquals(semaphore.available, 1);
});

Deno.test("Semaphore.acquire() takes its listener off once granted", async () => {
  const semaphore = new Semaphore(1);
  const held = semaphore.tryAcquire()!;
  const listening = new CountedSignal();
  const waiting = semaphore.acquire({ signal: listening.signal });
  held.release();
  using _permit = await waiting;
  assertEquals(listening.count, 0);
  listening.abort("late");
  assertEquals(semaphore.available, 0);
});

Deno.test("Semaphore lets those behind a waiter that gave up go ahead", async () => {
  const semaphore = new Semaphore(2);
  using _held = semaphore.tryAcquire()!;
  const controller = new AbortController();
  const heavy = semaphore.acquire({ weight: 2, signal: controller.signal });
  const light = semaphore.acquire();
  controller.abort();
  await assertRejects(() => heavy, DOMException);
  (await light).release();
});

Deno.test("Semaphore.acquire() waits timeoutMs and no longer", async () => {
  const clock = new FakeClock();
  const deadlines = new DeadlineWheel({ clock, tickMs: 1 });
  const semaphore = new Semaphore(2, { deadlines });
  const first = semaphore.tryAcquire()!;
  semaphore.tryAcquire();
  const inTime = semaphore.acquire({ timeoutMs: 1_000 });
  await clock.advance(900);
  first.release();
  await inTime;
  const late = semaphore.acquire({ timeoutMs: 100 });
  const failed = assertRejects(() => late, DeadlineExceededError, "none came free in 100 ms");
  await clock.advance(101);
  await failed;
  assertEquals([semaphore.waiting, deadlines.size], [0, 0]);
});

Deno.test("Semaphore.acquire() is refused when maxWaiting wait", async () => {
  const semaphore = new Semaphore(1, { maxWaiting: 1 });
  const held = semaphore.tryAcquire()!;
  const waiting = semaphore.acquire();
  const error = await assertRejects(() => semaphore.acquire(), QueueFullError, "1 callers wait");
  assertEquals([error.code, error.httpStatus], ["resource_exhausted", 503]);
  held.release();
  (await waiting).release();
});

Deno.test("Semaphore never over-admits, never stalls and keeps the order, for any interleaving", async () => {
  const step = fc.record({
    kind: fc.constantFrom("acquire", "try", "release", "abort"),
    weight: fc.integer({ min: 1, max: 4 }),
    which: fc.nat(50),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 4, max: 6 }),
      fc.array(step, { maxLength: 60 }),
      runScenario,
    ),
    { numRuns: 200, verbose: 1 }, // A failure prints its seed and the shrunk scenario.
  );
});

interface Step {
  kind: string;
  weight: number;
  which: number;
}

/** Plays the steps and compares with a queue kept in the simplest way. */
async function runScenario(capacity: number, steps: readonly Step[]): Promise<void> {
  const semaphore = new Semaphore(capacity);
  const held: { permit: Permit; weight: number }[] = [];
  const granted: number[] = [];
  let queue: { id: number; weight: number; controller: AbortController }[] = [];
  let inUse = 0;
  const expected: number[] = [];
  const grantModel = () => {
    while (queue[0] && inUse + queue[0].weight <= capacity) {
      const { id, weight } = queue.shift()!;
      inUse += weight;
      expected.push(id);
    }
  };
  for (const [id, { kind, weight, which }] of steps.entries()) {
    if (kind === "acquire") {
      const controller = new AbortController();
      queue.push({ id, weight, controller });
      semaphore.acquire({ weight, signal: controller.signal }).then((permit) => {
        granted.push(id);
        held.push({ permit, weight });
      }, () => {});
    } else if (kind === "try") {
      const permit = semaphore.tryAcquire(weight);
      assertEquals(permit !== undefined, queue.length === 0 && inUse + weight <= capacity);
      if (permit) {
        inUse += weight;
        held.push({ permit, weight });
      }
    } else if (kind === "release" && held.length > 0) {
      const [{ permit, weight }] = held.splice(which % held.length, 1) as [typeof held[0]];
      permit.release();
      permit.release();
      inUse -= weight;
    } else if (kind === "abort" && queue.length > 0) {
      const gone = queue[which % queue.length]!;
      queue = queue.filter((waiter) => waiter !== gone);
      gone.controller.abort();
    }
    grantModel();
    for (let i = 0; i < 5; i++) await Promise.resolve();
    assertEquals(granted, expected);
    assertEquals([semaphore.available, semaphore.waiting], [capacity - inUse, queue.length]);
    assert(inUse <= capacity);
  }
}
