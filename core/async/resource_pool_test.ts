import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "npm:fast-check@^3";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import { ClosedError } from "./errors.ts";
import { type PoolLease, ResourcePool, type ResourcePoolOptions } from "./resource_pool.ts";

const E = new Error("E");

/** A pool of numbers, counted from 1, and what was destroyed. */
function numbered(options: Partial<ResourcePoolOptions<number>> = {}) {
  const clock = new FakeClock();
  const destroyed: number[] = [];
  let made = 0;
  const pool = new ResourcePool<number>({
    size: 2,
    create: () => ++made,
    destroy: (it) => destroyed.push(it),
    clock,
    ...options,
  });
  return { pool, clock, destroyed, made: () => made };
}

Deno.test("ResourcePool gives the same resource a hundred times", async () => {
  const { pool, made } = numbered();
  for (let i = 0; i < 100; i++) assertEquals(await pool.use((it) => it), 1);
  assertEquals([made(), pool.size, pool.idle], [1, 1, 1]);
});

Deno.test("ResourcePool.acquire() takes the one last given back", async () => {
  const { pool } = numbered({ size: 3 });
  const leases = await Promise.all([pool.acquire(), pool.acquire(), pool.acquire()]);
  for (const index of [1, 0, 2]) leases[index]!.release();
  const again = [await pool.acquire(), await pool.acquire(), await pool.acquire()];
  assertEquals(again.map(({ value }) => value), [3, 1, 2]);
});

Deno.test("ResourcePool.acquire() waits for a resource, in the order of asking", async () => {
  const { pool } = numbered({ size: 1 });
  const first = await pool.acquire();
  const seen: string[] = [];
  const take = async (name: string) => {
    using lease = await pool.acquire();
    seen.push(name + lease.value);
  };
  const waits = [take("a"), take("b")];
  assertEquals(pool.waiting, 2);
  first.release();
  first.release(); // The second time must not let anybody else in.
  await Promise.all(waits);
  assertEquals([seen, pool.idle], [["a1", "b1"], 1]);
});

Deno.test("ResourcePool destroys what was idle longer than maxIdleMs, and no earlier", async () => {
  const { pool, clock, destroyed } = numbered({ maxIdleMs: 10 });
  (await pool.acquire()).release();
  clock.elapse(10);
  const lease = await pool.acquire();
  assertEquals([lease.value, destroyed], [1, []]);
  lease.release();
  await clock.advance(9);
  assertEquals(destroyed, []);
  await clock.advance(2); // By its timer: nobody has to ask.
  assertEquals([destroyed, pool.size, clock.pendingTimers], [[1], 0, 0]);
  assertEquals((await pool.acquire()).value, 2);
});

Deno.test("ResourcePool.acquire() passes over what has expired though its timer is late", async () => {
  const clock = new FakeClock();
  // A clock whose timers do not fire, as in a process that was blocked.
  const blocked = {
    now: () => clock.now(),
    wallTime: () => 0,
    sleep: () => Promise.resolve(),
    setTimer: () => ({ cancel() {}, [Symbol.dispose]() {} }),
    setInterval: () => ({ cancel() {}, [Symbol.dispose]() {} }),
  };
  const { pool, destroyed } = numbered({ maxIdleMs: 1, clock: blocked });
  (await pool.acquire()).release();
  clock.elapse(10);
  assertEquals([(await pool.acquire()).value, destroyed], [2, [1]]);
});

Deno.test("ResourcePool destroys what is older than maxAgeMs, when given back or idle", async () => {
  const { pool, clock, destroyed } = numbered({ maxAgeMs: 100 });
  const [old, young] = [await pool.acquire(), await pool.acquire()];
  young.release();
  await clock.advance(101);
  assertEquals([destroyed, pool.size], [[2], 1]);
  old.release();
  assertEquals([destroyed, pool.size, clock.pendingTimers], [[2, 1], 0, 0]);
});

Deno.test("ResourcePool sweeps those that expired and keeps the others", async () => {
  const { pool, clock, destroyed } = numbered({ maxIdleMs: 10 });
  const [first, second] = [await pool.acquire(), await pool.acquire()];
  first.release();
  await clock.advance(6);
  second.release();
  await clock.advance(6);
  assertEquals([destroyed, pool.idle, clock.pendingTimers], [[1], 1, 1]);
  await clock.advance(6);
  assertEquals([destroyed, pool.idle, clock.pendingTimers], [[1, 2], 0, 0]);
});

const failures: Record<string, () => Promise<number>> = {
  rejects: () => Promise.reject(E),
  throws: () => {
    throw E;
  },
};
for (const [how, fail] of Object.entries(failures)) {
  Deno.test(`ResourcePool.acquire() frees the room when create ${how}`, async () => {
    let failing = true;
    const create = () => failing ? fail() : 7;
    const { pool } = numbered({ size: 1, create });
    await assertRejects(() => pool.acquire(), Error, "E");
    assertEquals(pool.size, 0);
    failing = false;
    assertEquals((await pool.acquire()).value, 7);
  });
}

Deno.test("ResourcePool lets the next waiter try when create fails", async () => {
  const attempts: PromiseWithResolvers<number>[] = [];
  const create = () => {
    const attempt = Promise.withResolvers<number>();
    attempts.push(attempt);
    return attempt.promise;
  };
  const { pool } = numbered({ size: 1, create });
  const [first, second] = [pool.acquire(), pool.acquire()];
  attempts[0]!.reject(E);
  await assertRejects(() => first, Error, "E");
  assertEquals(attempts.length, 2);
  attempts[1]!.resolve(5);
  assertEquals((await second).value, 5);
});

Deno.test("ResourcePool.acquire() ends with its signal, waiting or making", async () => {
  const attempt = Promise.withResolvers<number>();
  const { pool } = numbered({ size: 1, create: () => attempt.promise });
  const controller = new AbortController();
  const { signal } = controller;
  const calls = [pool.acquire({ signal }), pool.acquire({ signal })];
  const patient = pool.acquire();
  controller.abort(E);
  for (const call of calls) await assertRejects(() => call, Error, "E");
  await assertRejects(() => pool.acquire({ signal }), Error, "E");
  attempt.resolve(9); // Made for one that has gone; the patient one gets it.
  const lease = await patient;
  assertEquals([lease.value, pool.waiting, pool.size], [9, 0, 1]);
});

Deno.test("ResourcePool survives a creation that fails after its caller has gone", async () => {
  const attempt = Promise.withResolvers<number>();
  const { pool } = numbered({ create: () => attempt.promise });
  const controller = new AbortController();
  const call = pool.acquire({ signal: controller.signal });
  controller.abort(E);
  await assertRejects(() => call, Error, "E");
  attempt.reject(new Error("late")); // Unhandled, it would fail the test.
  await new FakeClock().advance(0);
  assertEquals(pool.size, 0);
});

Deno.test("PoolLease.destroy() gives up a broken resource", async () => {
  const { pool, destroyed } = numbered({ size: 1 });
  const broken = await pool.acquire();
  const next = pool.acquire();
  broken.destroy();
  broken.release();
  assertEquals([(await next).value, destroyed, pool.size], [2, [1], 1]);
});

Deno.test("ResourcePool.use() gives back when the function throws", async () => {
  const { pool } = numbered();
  await assertRejects(() => pool.use(() => Promise.reject(E)), Error, "E");
  assertEquals(pool.idle, 1);
});

Deno.test("ResourcePool[Symbol.asyncDispose]() ends idle ones, waiters, and later those in use", async () => {
  const { pool, destroyed, clock } = numbered({ maxIdleMs: 10 });
  const [used, idle] = [await pool.acquire(), await pool.acquire()];
  const waiting = assertRejects(() => pool.acquire(), ClosedError);
  await pool[Symbol.asyncDispose]();
  await waiting;
  idle.release();
  used.release();
  await assertRejects(() => pool.acquire(), ClosedError, "Cannot acquire resource");
  await pool[Symbol.asyncDispose]();
  assertEquals([destroyed, pool.size, clock.pendingTimers], [[2, 1], 0, 0]);
});

Deno.test("ResourcePool destroys what was made while it was disposed", async () => {
  const attempt = Promise.withResolvers<number>();
  const { pool, destroyed } = numbered({ create: () => attempt.promise });
  const call = assertRejects(() => pool.acquire(), ClosedError);
  await pool[Symbol.asyncDispose]();
  attempt.resolve(1);
  await call;
  assertEquals([destroyed, pool.size], [[1], 0]);
});

Deno.test("ResourcePool reports what cannot be destroyed", async () => {
  const logger = new MemoryLog();
  const { pool } = numbered({ destroy: () => Promise.reject(E), logger });
  (await pool.acquire()).destroy();
  await pool[Symbol.asyncDispose]();
  assertEquals(logger.contents("error"), ["Cannot finish destruction of a pooled resource: E"]);
});

for (const options of [{ size: 0 }, { size: NaN }, { maxIdleMs: -1 }, { maxAgeMs: NaN }]) {
  Deno.test(`ResourcePool refuses ${Object.entries(options)}`, () => {
    assertThrows(() => numbered(options), RangeError, "Cannot make pool");
  });
}

Deno.test("ResourcePool never gives one resource to two, nor makes too many", async () => {
  const seed = Date.now() | 0;
  console.log(`seed ${seed}`);
  const step = fc.oneof(
    fc.record({ kind: fc.constant("acquire" as const), index: fc.nat(9) }),
    fc.record({ kind: fc.constantFrom("release" as const, "destroy" as const), index: fc.nat(9) }),
    fc.record({ kind: fc.constant("wait" as const), index: fc.nat(30) }),
  );
  const plan = fc.record({ size: fc.integer({ min: 1, max: 4 }), steps: fc.array(step) });
  await fc.assert(
    fc.asyncProperty(plan, async ({ size, steps }) => {
      const { pool, clock, destroyed, made } = numbered({ size, maxIdleMs: 10, maxAgeMs: 40 });
      const held: PoolLease<number>[] = [];
      for (const { kind, index } of steps) {
        if (kind === "acquire") void pool.acquire().then((lease) => held.push(lease), () => {});
        else if (kind === "wait") await clock.advance(index);
        else if (held.length > 0) held.splice(index % held.length, 1)[0]![kind]();
        for (let i = 0; i < 6; i++) await Promise.resolve();
        const values = held.map(({ value }) => value);
        assertEquals(new Set(values).size, values.length);
        assert(values.every((value) => !destroyed.includes(value)));
        assert(pool.size <= size);
        assertEquals(pool.size, made() - destroyed.length);
        assertEquals(pool.size, held.length + pool.idle);
        assert(pool.waiting === 0 || pool.idle === 0);
      }
      await pool[Symbol.asyncDispose]();
      for (const lease of held) lease.release();
      assertEquals([pool.size, clock.pendingTimers, destroyed.length], [0, 0, made()]);
    }),
    { seed, numRuns: 60 },
  );
});
