import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "npm:fast-check@^3";
import { FakeClock } from "../testing/fake_clock.ts";
import { TokenBucket } from "./token_bucket.ts";
import { TokenBucketLimiter } from "./token_bucket_limiter.ts";

const wrong = [
  { options: { ratePerSecond: 0, burst: 1 }, says: "ratePerSecond > 0, got 0" },
  {
    options: { ratePerSecond: Infinity, burst: 1 },
    says: "finite ratePerSecond > 0, got Infinity",
  },
  { options: { ratePerSecond: 1, burst: NaN }, says: "burst > 0, got NaN" },
  {
    options: { ratePerSecond: 1, burst: 1, refillEveryMs: -1 },
    says: "refillEveryMs >= 0, got -1",
  },
];
for (const { options, says } of wrong) {
  Deno.test(`TokenBucket refuses ${JSON.stringify(options)}`, () => {
    assertThrows(() => new TokenBucket(options), RangeError, says);
    assertThrows(() => new TokenBucketLimiter(options), RangeError, says);
  });
}

Deno.test("TokenBucketLimiter refuses maxKeys 0 and a cost that is no number", () => {
  const options = { ratePerSecond: 1, burst: 1 };
  assertThrows(
    () => new TokenBucketLimiter({ ...options, maxKeys: 0 }),
    RangeError,
    "maxKeys >= 1",
  );
  const limiter = new TokenBucketLimiter(options);
  assertThrows(() => limiter.take("a", { cost: NaN }), RangeError, "cost >= 0, got NaN");
  assertThrows(() => limiter.tryTake("a", -1), RangeError, "cost >= 0, got -1");
  assertThrows(() => new TokenBucket(options).tryTake(-1), RangeError, "cost >= 0, got -1");
});

// The vectors of go-zero's script: rate 5, burst 10, at whole seconds. Both inflows agree on those.
for (const refillEveryMs of [0, 1000]) {
  Deno.test(`TokenBucketLimiter answers as the script does, refillEveryMs ${refillEveryMs}`, () => {
    const clock = new FakeClock();
    clock.elapse(1_000_000);
    const limiter = new TokenBucketLimiter({ ratePerSecond: 5, burst: 10, clock, refillEveryMs });
    const passed = (calls: number) =>
      Array.from({ length: calls }, () => limiter.tryTake("key")).filter(Boolean).length;
    assertEquals(passed(12), 10, "a full bucket");
    clock.elapse(1000);
    assertEquals(passed(7), 5, "a second later");
    clock.elapse(2000);
    assertEquals([limiter.tryTake("key", 7), limiter.take("key", { cost: 0 }).remaining], [
      true,
      3,
    ]);
    assertEquals(limiter.tryTake("key", 0), true, "nothing can always be had");
    assertEquals(limiter.tryTake("key", 11), false, "more than there ever is");
  });
}

Deno.test("TokenBucketLimiter works with a burst below half the rate", () => {
  const clock = new FakeClock();
  const limiter = new TokenBucketLimiter({ ratePerSecond: 10, burst: 4, clock });
  const take = () => [1, 2, 3, 4, 5].map(() => limiter.tryTake("key"));
  assertEquals(take(), [true, true, true, true, false]);
  clock.elapse(10_000);
  assertEquals(take(), [true, true, true, true, false]);
});

Deno.test("TokenBucket.take() says all that headers need", () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket({ ratePerSecond: 4, burst: 2, clock });
  assertEquals(bucket.take(), {
    allowed: true,
    limit: 2,
    remaining: 1,
    resetMs: 250,
    retryAfterMs: 0,
  });
  assertEquals(bucket.take(2), {
    allowed: false,
    limit: 2,
    remaining: 1,
    resetMs: 250,
    retryAfterMs: 250,
  });
  assertEquals(bucket.take(3).retryAfterMs, Infinity);
  clock.elapse(125);
  assertEquals([bucket.available, bucket.take(2).retryAfterMs], [1.5, 125]);
});

Deno.test("TokenBucket with steps says when the step comes", () => {
  const clock = new FakeClock();
  clock.elapse(400);
  const bucket = new TokenBucket({ ratePerSecond: 2, burst: 4, refillEveryMs: 1000, clock });
  assertEquals([1, 2, 3, 4].map(() => bucket.tryTake()), [true, true, true, true]);
  const { retryAfterMs, resetMs } = bucket.take();
  assertEquals([retryAfterMs, resetMs], [600, 1600]);
  clock.elapse(599);
  assertEquals(bucket.tryTake(), false);
  clock.elapse(1);
  assertEquals(bucket.tryTake(2), true);
});

Deno.test("TokenBucket takes no notice of jumps of the wall clock", () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket({ ratePerSecond: 1, burst: 1, clock });
  assert(bucket.tryTake());
  for (const jumpMs of [3_600_000, -7_200_000]) {
    clock.jumpWallTime(jumpMs);
    assertEquals(bucket.tryTake(), false);
  }
});

Deno.test("TokenBucketLimiter keeps keys apart", () => {
  const limiter = new TokenBucketLimiter({ ratePerSecond: 1, burst: 1, clock: new FakeClock() });
  const answers = ["a", "b", "a", "__proto__", "__proto__"].map((key) => limiter.tryTake(key));
  assertEquals(answers, [true, true, false, true, false]);
});

/** The script in the plainest words, with time that never runs back. */
class NaiveScript {
  #tokens: number | undefined;
  #at = 0;

  constructor(readonly rate: number, readonly burst: number) {}

  take(nowSeconds: number, cost: number): boolean {
    const filled = Math.min(
      this.burst,
      (this.#tokens ?? this.burst) + Math.max(0, nowSeconds - this.#at) * this.rate,
    );
    this.#at = Math.max(this.#at, nowSeconds);
    const allowed = filled >= cost;
    this.#tokens = allowed ? filled - cost : filled;
    return allowed;
  }
}

const walk = fc.array(
  fc.record({
    key: fc.constantFrom("a", "b", "c"),
    waitMs: fc.oneof(fc.nat(50), fc.nat(3_000), fc.constant(3_600_000)),
    cost: fc.integer({ min: 0, max: 6 }),
  }),
  { maxLength: 80 },
);
const shape = fc.record({
  ratePerSecond: fc.integer({ min: 1, max: 50 }),
  burst: fc.integer({ min: 1, max: 20 }),
});

Deno.test("TokenBucketLimiter with steps of a second equals the script, step by step", () => {
  fc.assert(
    fc.property(shape, walk, (options, steps) => {
      const clock = new FakeClock();
      const limiter = new TokenBucketLimiter({ ...options, refillEveryMs: 1000, clock });
      const models = new Map<string, NaiveScript>();
      for (const { key, waitMs, cost } of steps) {
        clock.elapse(waitMs);
        const model = models.get(key) ?? new NaiveScript(options.ratePerSecond, options.burst);
        models.set(key, model);
        const seconds = Math.floor(clock.now() / 1000);
        assertEquals(limiter.take(key, { cost }).allowed, model.take(seconds, cost));
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("TokenBucketLimiter never lets more through than burst and rate allow, and keeps its word", () => {
  fc.assert(
    fc.property(shape, walk, (options, steps) => {
      const clock = new FakeClock();
      const limiter = new TokenBucketLimiter({ ...options, clock });
      const taken = new Map<string, number>();
      for (const { key, waitMs, cost } of steps) {
        clock.elapse(waitMs);
        const { allowed, retryAfterMs, remaining, resetMs } = limiter.take(key, { cost });
        assert(remaining >= 0 && remaining <= options.burst && resetMs >= 0);
        if (allowed) taken.set(key, (taken.get(key) ?? 0) + cost);
        const ceiling = options.burst + clock.now() * options.ratePerSecond / 1000;
        assert((taken.get(key) ?? 0) <= ceiling + 1e-6);
        if (allowed || retryAfterMs === Infinity) continue;
        clock.elapse(retryAfterMs + 1e-6);
        assert(limiter.tryTake(key, cost), "refused after waiting as long as told");
        taken.set(key, (taken.get(key) ?? 0) + cost);
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("TokenBucketLimiter forgets only full buckets while keys are few", () => {
  const clock = new FakeClock();
  const limiter = new TokenBucketLimiter({ ratePerSecond: 1, burst: 5, clock });
  const bucket = new TokenBucket({ ratePerSecond: 1, burst: 5, clock });
  for (let i = 0; i < 200; i++) {
    clock.elapse((i * 7919) % 4_000);
    assertEquals(limiter.tryTake("key", 2), bucket.tryTake(2));
  }
});

Deno.test("TokenBucketLimiter holds a bounded number of keys, and none that are idle", () => {
  const clock = new FakeClock();
  const limiter = new TokenBucketLimiter({ ratePerSecond: 1, burst: 3, maxKeys: 100, clock });
  assertEquals(limiter.tryTake("mine", 3), true);
  for (let i = 0; i < 10_000; i++) {
    limiter.tryTake(`other ${i}`);
    if (i % 99 === 0) assertEquals(limiter.tryTake("mine"), false, "forgotten though recent");
    assert(limiter.size <= 200);
  }
  clock.elapse(10_000);
  limiter.tryTake("one");
  assertEquals(limiter.size, 1);
  assertAlmostEquals(limiter.take("mine", { cost: 0 }).remaining, 3);
});
