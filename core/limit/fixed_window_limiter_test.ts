import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "npm:fast-check@^3";
import { FakeClock } from "../testing/fake_clock.ts";
import { FixedWindowLimiter } from "./fixed_window_limiter.ts";
import { WINDOW_CODE_NUMBERS } from "./limiter.ts";

const wrong = [
  { options: { periodMs: 0, quota: 1 }, says: "periodMs > 0, got 0" },
  { options: { periodMs: 1000, quota: -1 }, says: "quota >= 0, got -1" },
  { options: { periodMs: 1000, quota: 1.5 }, says: "quota >= 0, got 1.5" },
  { options: { periodMs: 1000, quota: 1, maxKeys: 0 }, says: "maxKeys >= 1, got 0" },
  { options: { periodMs: 1000, quota: 1, utcOffsetMs: NaN }, says: "finite utcOffsetMs, got NaN" },
];
for (const { options, says } of wrong) {
  Deno.test(`FixedWindowLimiter refuses ${Object.keys(options)} ${says}`, () => {
    assertThrows(() => new FixedWindowLimiter(options), RangeError, says);
  });
}

const vectors = [
  { quota: 3, codes: ["allowed", "allowed", "hit_quota", "over_quota", "over_quota"] },
  { quota: 1, codes: ["hit_quota", "over_quota"] },
  { quota: 0, codes: ["over_quota", "over_quota"] },
];
for (const { quota, codes } of vectors) {
  Deno.test(`FixedWindowLimiter.take() with quota ${quota} answers ${codes.join(", ")}`, () => {
    const limiter = new FixedWindowLimiter({ periodMs: 1000, quota, clock: new FakeClock() });
    assertEquals(codes.map(() => limiter.take("key").code as string), codes);
  });
}

Deno.test("FixedWindowLimiter.take() with quota 5 lets 5 of 100 calls through", () => {
  const limiter = new FixedWindowLimiter({ periodMs: 1000, quota: 5, clock: new FakeClock() });
  const numbers = Array.from({ length: 100 }, () => WINDOW_CODE_NUMBERS[limiter.take("key").code]);
  assertEquals([1, 2, 3].map((n) => numbers.filter((it) => it === n).length), [4, 1, 95]);
});

Deno.test("FixedWindowLimiter.take() says all that headers need", () => {
  const clock = new FakeClock();
  const limiter = new FixedWindowLimiter({ periodMs: 1000, quota: 3, clock });
  limiter.take("key");
  clock.elapse(400);
  const common = { limit: 3, resetMs: 600 };
  assertEquals(limiter.take("key", { cost: 2 }), {
    ...common,
    code: "hit_quota",
    allowed: true,
    remaining: 0,
    retryAfterMs: 0,
  });
  assertEquals(limiter.take("key"), {
    ...common,
    code: "over_quota",
    allowed: false,
    remaining: 0,
    retryAfterMs: 600,
  });
  assertEquals(limiter.take("key", { cost: 4 }).retryAfterMs, Infinity);
  assertThrows(() => limiter.take("key", { cost: NaN }), RangeError, "cost >= 0");
});

Deno.test("FixedWindowLimiter: a refused call uses nothing up", () => {
  const limiter = new FixedWindowLimiter({ periodMs: 1000, quota: 3, clock: new FakeClock() });
  limiter.take("key");
  assertEquals(limiter.take("key", { cost: 3 }).code, "over_quota");
  assertEquals(limiter.take("key", { cost: 2 }).code, "hit_quota");
});

Deno.test("FixedWindowLimiter begins a window with the first call and never makes it longer", () => {
  const clock = new FakeClock();
  const limiter = new FixedWindowLimiter({ periodMs: 1000, quota: 1, clock });
  clock.elapse(700);
  assertEquals(limiter.take("key").resetMs, 1000);
  for (const leftMs of [600, 200]) {
    clock.elapse(400);
    assertEquals(limiter.take("key").resetMs, leftMs);
  }
  clock.elapse(200);
  assertEquals(limiter.take("key").code, "hit_quota");
});

const HOUR_MS = 3_600_000;
const aligned = [
  { name: "UTC", utcOffsetMs: 0, wallTime: 23 * HOUR_MS, resetMs: HOUR_MS },
  { name: "east of it", utcOffsetMs: 8 * HOUR_MS, wallTime: 15 * HOUR_MS, resetMs: HOUR_MS },
  { name: "west of it", utcOffsetMs: -5 * HOUR_MS, wallTime: 4 * HOUR_MS, resetMs: HOUR_MS },
  { name: "a boundary", utcOffsetMs: 0, wallTime: 24 * HOUR_MS, resetMs: 24 * HOUR_MS },
];
for (const { name, utcOffsetMs, wallTime, resetMs } of aligned) {
  Deno.test(`FixedWindowLimiter with align ends a day's window at midnight: ${name}`, () => {
    const clock = new FakeClock({ wallTime });
    const options = { periodMs: 24 * HOUR_MS, quota: 1, align: true, utcOffsetMs, clock };
    const limiter = new FixedWindowLimiter(options);
    assertEquals(limiter.take("key").resetMs, resetMs);
    clock.elapse(resetMs);
    assertEquals(limiter.take("key"), {
      code: "hit_quota",
      allowed: true,
      limit: 1,
      remaining: 0,
      resetMs: 24 * HOUR_MS,
      retryAfterMs: 0,
    });
  });
}

Deno.test("FixedWindowLimiter takes no notice of a clock that jumps within a window", () => {
  const clock = new FakeClock({ wallTime: 12 * HOUR_MS });
  const options = { periodMs: 24 * HOUR_MS, quota: 1, align: true, utcOffsetMs: 0, clock };
  const limiter = new FixedWindowLimiter(options);
  limiter.take("key");
  for (const jumpMs of [13 * HOUR_MS, -20 * HOUR_MS]) {
    clock.jumpWallTime(jumpMs);
    assertEquals(limiter.take("key").resetMs, 12 * HOUR_MS);
  }
});

Deno.test("FixedWindowLimiter without utcOffsetMs uses the process's own", () => {
  const wallTime = 1_700_000_000_000;
  const utcOffsetMs = -new Date(wallTime).getTimezoneOffset() * 60_000;
  const resets = [undefined, utcOffsetMs].map((offset) => {
    const clock = new FakeClock({ wallTime });
    const periodMs = 24 * HOUR_MS;
    return new FixedWindowLimiter({ periodMs, quota: 1, align: true, utcOffsetMs: offset, clock })
      .take("key").resetMs;
  });
  assertEquals(resets[0], resets[1]);
});

/** INCR, EXPIRE if the answer is 1, compare: a key and its expiry in the plainest words. */
class NaiveScript {
  readonly #keys = new Map<string, { count: number; expiresAtMs: number }>();

  constructor(readonly quota: number, readonly periodMs: number) {}

  reply(key: string, nowMs: number): number {
    const found = this.#keys.get(key);
    const entry = found && nowMs < found.expiresAtMs
      ? found
      : { count: 0, expiresAtMs: nowMs + this.periodMs };
    this.#keys.set(key, entry);
    entry.count++;
    return entry.count < this.quota ? 1 : entry.count === this.quota ? 2 : 0;
  }
}

Deno.test("FixedWindowLimiter equals the script, call by call, and never over-admits", () => {
  const steps = fc.array(
    fc.record({ key: fc.constantFrom("a", "b"), waitMs: fc.oneof(fc.nat(100), fc.nat(3_000)) }),
    { maxLength: 120 },
  );
  fc.assert(
    fc.property(fc.nat(6), fc.integer({ min: 1, max: 3 }), steps, (quota, seconds, calls) => {
      const clock = new FakeClock();
      const periodMs = seconds * 1000;
      const limiter = new FixedWindowLimiter({ periodMs, quota, clock });
      const model = new NaiveScript(quota, periodMs);
      const code = { 0: "over_quota", 1: "allowed", 2: "hit_quota" } as Record<number, string>;
      for (const { key, waitMs } of calls) {
        clock.elapse(waitMs);
        const expected = code[model.reply(key, clock.now())]!;
        const { code: got, allowed, remaining } = limiter.take(key);
        assertEquals<[string, boolean]>([got, allowed], [expected, expected !== "over_quota"]);
        assert(remaining >= 0 && remaining <= quota);
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("FixedWindowLimiter holds a bounded number of keys, and none whose window is over", () => {
  const clock = new FakeClock();
  const limiter = new FixedWindowLimiter({ periodMs: 1000, quota: 1, maxKeys: 50, clock });
  for (let i = 0; i < 1_000; i++) {
    limiter.take(`${i}`);
    assert(limiter.size <= 100);
  }
  clock.elapse(2_000);
  limiter.take("key");
  assertEquals(limiter.size, 1);
});
