import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { BreakerGroup } from "../../core/breaker/breaker_group.ts";
import { ServiceError } from "../../core/errors.ts";
import { noopLogger } from "../../core/log/logger.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { eventually } from "../../core/testing/eventually.ts";
import { provisionRedis, RedisProcess } from "../../core/testing/provision_redis.ts";
import { RedisLock } from "./lock.ts";
import { Redis } from "./redis.ts";

const server = await provisionRedis();
Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());

function open(host = server.host): Redis {
  const breakers = new BreakerGroup();
  return new Redis({ Host: host }, { log: noopLogger, metrics: new MetricRegistry(), breakers });
}

const newKey = () => `zeno:lock:${crypto.randomUUID()}`;

Deno.test("RedisLock is held by one at a time, and laid out as go-zero's", async () => {
  await using redis = open();
  const key = newKey();
  const a = new RedisLock(redis, key, { ttlMs: 60_000 });
  const b = new RedisLock(redis, key, { ttlMs: 60_000 });
  assertEquals(await a.acquire(), true);
  const leaseMs = await redis.pttl(key);
  assert(leaseMs > 50_000 && leaseMs <= 60_500, `${leaseMs}`);
  assertMatch((await redis.get(key))!, /^[a-zA-Z0-9]{16}$/);
  assertEquals(await b.acquire(), false);
  const longer = new RedisLock(redis, newKey(), { ttlMs: 5_000 });
  assertEquals(await longer.acquire(), true);
  assertEquals([await a.acquire(), await b.release()], [true, false]);
  assertEquals([await a.release(), await a.release()], [true, false]);
  assertEquals([await b.acquire(), await b.release(), await longer.release()], [true, true, true]);
});

Deno.test("RedisLock can be taken again by the same object, for a new time", async () => {
  await using redis = open();
  const key = newKey();
  const lock = new RedisLock(redis, key, { ttlMs: 5_000 });
  await lock.acquire();
  await redis.pexpire(key, 100);
  assertEquals(await lock.acquire(), true);
  const leaseMs = await redis.pttl(key);
  assert(leaseMs > 5_300 && leaseMs <= 5_500, `${leaseMs}`);
  await lock.release();
});

Deno.test("RedisLock does not take away another's lock when its own time was up", async () => {
  await using redis = open();
  const key = newKey();
  const a = new RedisLock(redis, key, { ttlMs: 5_000 });
  const b = new RedisLock(redis, key, { ttlMs: 5_000 });
  await a.acquire();
  await redis.del(key); // As when its time is up.
  assertEquals([await b.acquire(), await a.release(), await redis.exists(key)], [
    true,
    false,
    true,
  ]);
  await b.release();
});

Deno.test("RedisLock.hold() waits for another holder, and gives up", async () => {
  await using redis = open();
  const key = newKey();
  const a = new RedisLock(redis, key, { ttlMs: 5_000 });
  const b = new RedisLock(redis, key, { ttlMs: 5_000 });
  const held = await redis.lock(key, { ttlMs: 5_000 });
  assertEquals([await b.hold(), await b.hold({ waitMs: 60 })], [null, null]);
  const waiting = b.hold({ waitMs: 5_000 });
  await held![Symbol.asyncDispose]();
  const second = await waiting;
  assert(second);
  const signal = AbortSignal.timeout(30);
  await assertRejects(() => a.hold({ waitMs: 5_000, signal }), DOMException);
  await second[Symbol.asyncDispose]();
  await second[Symbol.asyncDispose]();
  assertEquals(await redis.exists(key), false);
});

Deno.test("RedisLock.with() runs alone", async () => {
  await using redis = open();
  const key = newKey();
  let running = 0, most = 0;
  await Promise.all(Array.from({ length: 8 }, async () => {
    const lock = new RedisLock(redis, key, { ttlMs: 5_000 });
    await lock.with(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running--;
    }, { waitMs: 20_000 });
  }));
  assertEquals([most, await redis.exists(key)], [1, false]);
  const holder = new RedisLock(redis, key, { ttlMs: 5_000 });
  const refused = await holder.with(() =>
    new RedisLock(redis, key, { ttlMs: 1_000 }).with(() => {}).catch((error) => error)
  );
  assert(refused instanceof ServiceError && refused.code === "aborted");
  await assertRejects(() => holder.with(() => Promise.reject(new Error("mine"))), Error, "mine");
  assertEquals(await redis.exists(key), false);
});

Deno.test("RedisLock.hold() renews while it is held, and tells when the lock is lost", async () => {
  await using redis = open();
  const key = newKey();
  const clock = new FakeClock();
  const lock = new RedisLock(redis, key, { ttlMs: 90_000, clock });
  {
    await using held = await lock.hold({ renew: true });
    for (let i = 0; i < 5; i++) { // Longer than a lease in all.
      await redis.pexpire(key, 50_000);
      await clock.advance(30_000);
      await eventually("the renewal", async () => await redis.pttl(key) > 60_000);
    }
    assertEquals(held!.lost.aborted, false);
    await redis.set(key, "somebody else");
    await clock.advance(30_000);
    await eventually("the loss", () => held!.lost.aborted);
    assertMatch(String(held!.lost.reason), /another has it/);
  }
  assertEquals(await redis.get(key), "somebody else"); // What is another's is left alone.
  await redis.del(key);
  await using brief = await lock.hold();
  await clock.advance(89_999);
  assertEquals(brief!.lost.aborted, false);
  await clock.advance(1);
  assertMatch(String(brief!.lost.reason), /it was not renewed in time/);
});

Deno.test("RedisLock fails when Redis is away, or the caller has given up", async () => {
  await using mortal = await RedisProcess.start();
  await using redis = open(mortal.host);
  const lock = new RedisLock(redis, newKey(), { ttlMs: 1_000 });
  const signal = AbortSignal.abort(new Error("enough"));
  await assertRejects(() => lock.acquire({ signal }), Error, "enough");
  await assertRejects(() => lock.release({ signal }), Error, "enough");
  await mortal.kill();
  await assertRejects(() => lock.acquire(), ServiceError, "Cannot reach Redis");
  for (const ttlMs of [0, -1, NaN, Infinity]) {
    assertThrows(() => new RedisLock(redis, "a", { ttlMs }), RangeError, "ttlMs > 0");
  }
});
