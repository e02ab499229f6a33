import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { BreakerGroup } from "../../core/breaker/breaker_group.ts";
import { BloomFilter } from "../../core/collection/bloom_filter.ts";
import { ServiceError } from "../../core/errors.ts";
import { noopLogger } from "../../core/log/logger.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { eventually } from "../../core/testing/eventually.ts";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { provisionRedis, RedisProcess } from "../../core/testing/provision_redis.ts";
import { RedisBitStore } from "./bit_store.ts";
import { RedisFixedWindowLimiter } from "./fixed_window_limiter.ts";
import { Redis } from "./redis.ts";
import { RedisTokenBucketLimiter } from "./token_bucket_limiter.ts";

const server = await provisionRedis();
Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());

function open(host = server.host): Redis {
  const breakers = new BreakerGroup();
  return new Redis({ Host: host }, { log: noopLogger, metrics: new MetricRegistry(), breakers });
}

const newKey = () => `zeno:limit:${crypto.randomUUID()}`;

const WINDOWS = [
  { quota: 3, takes: 6, codes: "allowed allowed hit_quota over_quota over_quota over_quota" },
  { quota: 1, takes: 2, codes: "hit_quota over_quota" },
  { quota: 0, takes: 1, codes: "over_quota" },
];

for (const { quota, takes, codes } of WINDOWS) {
  Deno.test(`RedisFixedWindowLimiter with a quota of ${quota} answers ${takes} calls`, async () => {
    await using redis = open();
    const keyPrefix = newKey();
    const limiter = new RedisFixedWindowLimiter(redis, { keyPrefix, periodMs: 60_000, quota });
    const seen: string[] = [];
    for (let i = 0; i < takes; i++) seen.push((await limiter.take(":a")).code);
    assertEquals(seen.join(" "), codes);
    assertEquals([await redis.ttl(`${keyPrefix}:a`), await redis.get(`${keyPrefix}:a`)], [
      60,
      `${quota}`,
    ]);
  });
}

Deno.test("RedisFixedWindowLimiter counts together what many take at a time", async () => {
  await using redis = open();
  const options = { keyPrefix: newKey(), periodMs: 60_000, quota: 5 };
  const limiter = new RedisFixedWindowLimiter(redis, options);
  const codes = await Promise.all(
    Array.from({ length: 100 }, async () => (await limiter.take("a")).code),
  );
  const count = (code: string) => codes.filter((each) => each === code).length;
  assertEquals([count("allowed"), count("hit_quota"), count("over_quota")], [4, 1, 95]);
});

Deno.test("RedisFixedWindowLimiter says what is left, and takes several units or none", async () => {
  await using redis = open();
  const options = { keyPrefix: newKey(), periodMs: 60_000, quota: 5 };
  const limiter = new RedisFixedWindowLimiter(redis, options);
  const first = await limiter.take("a", { cost: 3 });
  assertEquals([first.allowed, first.limit, first.remaining, first.retryAfterMs], [true, 5, 2, 0]);
  const second = await limiter.take("a", { cost: 3 });
  assertEquals([second.code, second.remaining], ["over_quota", 2]);
  assert(second.retryAfterMs > 50_000 && second.retryAfterMs <= 60_000);
  assertEquals((await limiter.take("a", { cost: 6 })).retryAfterMs, Infinity);
  assertEquals((await limiter.take("a", { cost: 2 })).code, "hit_quota");
});

Deno.test("RedisFixedWindowLimiter begins a new window when the old one is over", async () => {
  await using redis = open();
  const options = { keyPrefix: newKey(), periodMs: 50, quota: 1 };
  const limiter = new RedisFixedWindowLimiter(redis, options);
  assertEquals((await limiter.take("a")).code, "hit_quota");
  await eventually("a new window", async () => (await limiter.take("a")).code === "hit_quota");
});

Deno.test("RedisFixedWindowLimiter ends aligned windows at multiples of the period", async () => {
  await using redis = open();
  const keyPrefix = newKey();
  const clock = new FakeClock({ wallTime: Date.UTC(2026, 1, 3, 22, 15) });
  const day = { keyPrefix, periodMs: 86_400_000, quota: 3, align: true, clock };
  const limiter = new RedisFixedWindowLimiter(redis, { ...day, utcOffsetMs: 3_600_000 });
  const { resetMs } = await limiter.take("a");
  assertEquals(resetMs, 45 * 60_000); // 23:15 there.
});

Deno.test("RedisFixedWindowLimiter rejects when Redis is away", async () => {
  await using nowhere = open("127.0.0.1:1");
  const options = { keyPrefix: "a", periodMs: 1_000, quota: 1 };
  const limiter = new RedisFixedWindowLimiter(nowhere, options);
  await assertRejects(() => limiter.take("a"), ServiceError, "Cannot reach Redis");
  await assertRejects(() => limiter.take("a", { cost: -1 }), RangeError, "cost >= 0");
  for (const wrong of [{ periodMs: 0 }, { quota: -1 }, { periodMs: 0.5 }, { quota: NaN }]) {
    assertThrows(
      () => new RedisFixedWindowLimiter(nowhere, { ...options, ...wrong }),
      RangeError,
      "need an integer",
    );
  }
});

Deno.test("RedisTokenBucketLimiter keeps the bucket as go-zero does", async () => {
  await using redis = open();
  const key = newKey();
  const rows = [
    { at: 1000, cost: 4, allowed: true, tokens: "6", ts: "1000" },
    { at: 1000, cost: 7, allowed: false, tokens: "6", ts: "1000" },
    { at: 1001, cost: 7, allowed: true, tokens: "3", ts: "1001" },
    { at: 1000, cost: 4, allowed: false, tokens: "3", ts: "1000" },
    { at: 1003, cost: 10, allowed: true, tokens: "0", ts: "1003" },
    { at: 1003, cost: 11, allowed: false, tokens: "0", ts: "1003" },
  ];
  const options = { ratePerSecond: 5, burst: 10, log: noopLogger };
  for (const { at, cost, allowed, tokens, ts } of rows) {
    const clock = new FakeClock({ wallTime: at * 1_000 + 999 });
    using limiter = new RedisTokenBucketLimiter(redis, { ...options, clock });
    const decision = await limiter.take(key, { cost });
    assertEquals([decision.allowed, decision.limit, decision.remaining], [
      allowed,
      10,
      Number(tokens),
    ]);
    assertEquals(await redis.mget([`{${key}}.tokens`, `{${key}}.ts`]), [tokens, ts]);
    assertEquals(await redis.ttl(`{${key}}.tokens`), 4);
  }
});

Deno.test("RedisTokenBucketLimiter works with a rate that is high for its burst", async () => {
  await using redis = open();
  const options = { ratePerSecond: 100, burst: 10, log: noopLogger };
  using limiter = new RedisTokenBucketLimiter(redis, options);
  const key = newKey();
  assertEquals([(await limiter.take(key)).allowed, limiter.isAway], [true, false]);
  assertEquals(await redis.ttl(`{${key}}.ts`), 1);
});

Deno.test("RedisTokenBucketLimiter refuses who has given up, and takes that for no outage", async () => {
  await using redis = open();
  using limiter = new RedisTokenBucketLimiter(redis, { ratePerSecond: 5, burst: 10 });
  const signal = AbortSignal.abort();
  for (let i = 0; i < 100; i++) {
    assertEquals((await limiter.take("a", { signal })).allowed, false);
  }
  assertEquals(limiter.isAway, false);
  await assertRejects(() => limiter.take("a", { cost: NaN }), RangeError, "cost >= 0");
  assertThrows(
    () => new RedisTokenBucketLimiter(redis, { ratePerSecond: 0, burst: 1 }),
    RangeError,
  );
});

Deno.test("R4: RedisTokenBucketLimiter limits by itself while Redis is away, and again together soon after", async () => {
  await using mortal = await RedisProcess.start();
  await using redis = open(mortal.host);
  const log = new MemoryLog();
  using limiter = new RedisTokenBucketLimiter(redis, { ratePerSecond: 5, burst: 10, log });
  const key = newKey();
  const take = () => limiter.take(key).then(({ allowed }) => allowed);
  assertEquals(await take(), true);
  await mortal.kill();
  let allowed = 0;
  const startedAt = performance.now();
  for (let i = 0; i < 100; i++) {
    if (await take()) allowed++;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  assert(limiter.isAway);
  assert(allowed >= 10 && allowed <= 2 * (10 + 5 * seconds), `${allowed} in ${seconds} s`);
  await mortal.restart();
  const backMs = await eventually("the return", () => !limiter.isAway);
  assert(backMs <= 3_000, `${backMs} ms`);
  assertEquals(log.contents("error").length, 1);
  assertEquals(log.contents("info"), ["Limiting by Redis again"]);
});

Deno.test("RedisBitStore keeps the bits of a bloom filter where go-zero's looks for them", async () => {
  await using redis = open();
  const key = newKey();
  const filter = new BloomFilter(new RedisBitStore(redis, key), 1024);
  assertEquals(await filter.has("hello"), false);
  await filter.add("hello");
  assertEquals([await filter.has("hello"), await filter.has("world")], [true, false]);
  // deno-fmt-ignore
  const offsets = [307, 802, 866, 915, 983, 770, 138, 576, 596, 224, 781, 153, 819, 373];
  assertEquals(await redis.bitCount(key), offsets.length);
  for (const offset of offsets) assertEquals(await redis.getBit(key, offset), 1);
  await redis.del(key);
});

Deno.test("RedisBitStore rejects when Redis is away", async () => {
  await using nowhere = open("127.0.0.1:1");
  const store = new RedisBitStore(nowhere, "a");
  const filter = new BloomFilter(store, 64);
  await assertRejects(() => filter.add("a"), ServiceError, "Cannot reach Redis");
  await assertRejects(() => filter.has("a"), ServiceError, "Cannot reach Redis");
  assertThrows(() => new BloomFilter(store, 0), RangeError, "bits");
});
