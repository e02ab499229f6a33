import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { ServiceError } from "../errors.ts";
import { OverloadedError } from "../load/errors.ts";
import { AlertReporter } from "../stat/alert_reporter.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import type { RunOptions } from "./breaker.ts";
import { CircuitOpenError } from "./errors.ts";
import { SreBreaker, type SreBreakerOptions } from "./sre_breaker.ts";

const down = () => Promise.reject(new Error("down"));
const up = () => Promise.resolve("up");

function setUp(random: number, options: SreBreakerOptions = {}) {
  const clock = new FakeClock();
  const breaker = new SreBreaker({ name: "callee", clock, random: () => random, ...options });
  /** Makes calls one after the other; A for each that was accepted, R for each that was refused. */
  const calls = async (count: number, fn: (index: number) => Promise<unknown> = down) => {
    let seen = "";
    for (let index = 0; index < count; index++) {
      let called = false;
      await breaker.run(() => {
        called = true;
        return fn(index);
      }).catch(() => {});
      seen += called ? "A" : "R";
    }
    return seen;
  };
  return { clock, breaker, calls };
}

/** `A` and `R`, each as often as said. */
const ar = (accepted: number, refused: number) => "A".repeat(accepted) + "R".repeat(refused);

Deno.test("SreBreaker refuses and probes as scripted with a random source of 0.5", async () => {
  const { clock, calls } = setUp(0.5);
  assertEquals(await calls(20), ar(12, 8));
  clock.elapse(1000);
  assertEquals(await calls(3), "RRR");
  clock.elapse(1);
  assertEquals(await calls(3), "ARR");
  clock.elapse(499);
  assertEquals(await calls(3), "RRR");
  clock.elapse(510);
  assertEquals(await calls(3, up), "ARR");
  clock.elapse(10_490);
  assertEquals(await calls(20), ar(12, 8));
});

for (
  const { random, accepted } of [{ random: 0.9, accepted: 60 }, { random: 0.99, accepted: 600 }]
) {
  Deno.test(`SreBreaker accepts ${accepted} failing calls with a random source of ${random}`, async () => {
    assertEquals(await setUp(random).calls(accepted + 1), ar(accepted, 1));
  });
}

Deno.test("SreBreaker sends no probe before chance has let a call pass", async () => {
  const { clock, calls } = setUp(0);
  assertEquals(await calls(10), ar(6, 4));
  clock.elapse(5000);
  assertEquals(await calls(3), "RRR");
});

Deno.test("SreBreaker cuts off a callee that fails every other call", async () => {
  const { calls } = setUp(0.1);
  const everyOther = (index: number) => index % 2 === 0 ? up() : down();
  assertEquals(await calls(60, everyOther), ar(36, 24));
});

Deno.test("SreBreaker bears a callee that fails one call in three", async () => {
  const { calls } = setUp(0.1);
  assertEquals(await calls(400, (index) => index % 3 === 0 ? down() : up()), ar(400, 0));
});

Deno.test("SreBreaker passes most calls after half a window of failures and half of successes", async () => {
  let state = 1;
  const next = () => (state = Math.imul(state, 48271) % 0x7fffffff) / 0x7fffffff;
  const clock = new FakeClock();
  const breaker = new SreBreaker({ clock, random: () => Math.abs(next()) });
  const step = async (fn: () => Promise<unknown>) => {
    await breaker.run(fn).catch(() => {});
    clock.elapse(250);
  };
  for (let i = 0; i < 20; i++) await step(down);
  for (let i = 0; i < 20; i++) await step(up);
  let passed = 0;
  for (let i = 0; i < 100; i++) await breaker.run(() => passed++).catch(() => {});
  assert(passed >= 75, `${passed} passed`);
});

Deno.test("SreBreaker refuses at least 75 of 100 calls after 10 000 failures", async () => {
  const clock = new FakeClock();
  const breaker = new SreBreaker({ clock });
  for (let i = 0; i < 10_000; i++) await breaker.run(down).catch(() => {});
  let refused = 0;
  for (let i = 0; i < 100; i++) {
    await breaker.run(down).catch((error) => refused += error instanceof CircuitOpenError ? 1 : 0);
  }
  assert(refused >= 75, `${refused} refused`);
});

const neverCounted: readonly { name: string; error: unknown }[] = [
  { name: "a shed of the callee", error: new OverloadedError("Cannot take request: busy") },
  {
    name: "a shed that came over the wire",
    error: new ServiceError("unavailable", "no", { details: { reason: "overloaded" } }),
  },
  { name: "an open circuit behind the callee", error: new CircuitOpenError("further") },
  { name: "a limit of the callee", error: new ServiceError("resource_exhausted", "too many") },
  { name: "a cancel", error: new DOMException("gone", "AbortError") },
  { name: "a cancel with a code", error: new ServiceError("canceled", "gone") },
];

for (const { name, error } of neverCounted) {
  Deno.test(`SreBreaker stays closed through 60 s of nothing but ${name}`, async () => {
    const { clock, breaker } = setUp(0);
    for (let i = 0; i < 600; i++) {
      await assertRejects(() => breaker.run(() => Promise.reject(error)));
      breaker.allow().reject(error);
      clock.elapse(100);
    }
    const { state, total } = breaker.explain();
    assertEquals([state, total], ["closed", 0]);
  });
}

Deno.test("SreBreaker does not count a call whose signal was aborted while it ran", async () => {
  const { breaker } = setUp(0);
  const controller = new AbortController();
  const reason = new Error("user left");
  const call = breaker.run(
    () =>
      new Promise((_, reject) => controller.signal.addEventListener("abort", () => reject(reason))),
    { signal: controller.signal },
  );
  controller.abort(reason);
  assertEquals(await assertRejects(() => call), reason);
  assertEquals(breaker.explain().total, 0);
});

Deno.test("SreBreaker counts a deadline that passed, told by error or by signal", async () => {
  const { breaker } = setUp(0);
  const timeout = new DOMException("late", "TimeoutError");
  await assertRejects(() => breaker.run(() => Promise.reject(timeout)));
  const controller = new AbortController();
  await assertRejects(() =>
    breaker.run(() => {
      controller.abort(timeout);
      throw new Error("socket closed");
    }, { signal: controller.signal })
  );
  assertEquals(breaker.explain().failed, 2);
});

Deno.test("SreBreaker throws the reason of a signal aborted before, and records nothing", async () => {
  const { breaker } = setUp(0);
  const reason = new Error("too late");
  const signal = AbortSignal.abort(reason);
  for (let i = 0; i < 100; i++) {
    assertEquals(await assertRejects(() => breaker.run(down, { signal })), reason);
    assertEquals(assertThrows(() => breaker.allow({ signal })), reason);
  }
  assertEquals(breaker.explain().total, 0);
});

/** What a call leaves in the window: accepted, failed. */
async function recorded<T>(fn: () => T | PromiseLike<T>, options?: RunOptions<T>) {
  const { breaker } = setUp(0.5);
  const outcome = await breaker.run(fn, options).catch((error: Error) => `threw ${error.message}`);
  const { accepted, failed, lastFailures } = breaker.explain();
  return { outcome, accepted, failed, failures: lastFailures.map(({ message }) => message) };
}

const throwing = (message: string) => () => {
  throw new Error(message);
};

Deno.test("SreBreaker.run() counts a sync throw, and throws it on", async () => {
  assertEquals(await recorded(throwing("sync")), {
    outcome: "threw sync",
    accepted: 0,
    failed: 1,
    failures: ["sync"],
  });
});

Deno.test("SreBreaker.run() asks isFailure, and throws the error on either way", async () => {
  assertEquals(await recorded(down, { isFailure: () => false }), {
    outcome: "threw down",
    accepted: 1,
    failed: 0,
    failures: [],
  });
});

Deno.test("SreBreaker.run() takes an isFailure that throws for a failure, and throws its error", async () => {
  assertEquals(await recorded(down, { isFailure: throwing("predicate") }), {
    outcome: "threw predicate",
    accepted: 0,
    failed: 1,
    failures: ["down"],
  });
});

Deno.test("SreBreaker.run() counts a failed result, and gives it back", async () => {
  assertEquals(await recorded(() => 503, { isFailedResult: (status) => status >= 500 }), {
    outcome: 503,
    accepted: 0,
    failed: 1,
    failures: [],
  });
  assertEquals(
    (await recorded(() => 200, { isFailedResult: (status) => status >= 500 })).accepted,
    1,
  );
  const thrown = await recorded(() => 200, { isFailedResult: throwing("predicate") });
  assertEquals([thrown.outcome, thrown.failed], ["threw predicate", 1]);
});

Deno.test("SreBreaker takes an answer of the callee for a success though it is an error", async () => {
  const notFound = () => Promise.reject(new ServiceError("not_found", "none"));
  assertEquals((await recorded(notFound)).accepted, 1);
  const internal = () => Promise.reject(new ServiceError("internal", "oops"));
  assertEquals((await recorded(internal)).failed, 1);
});

Deno.test("SreBreaker records nothing for a call that never settles", () => {
  const { breaker } = setUp(0);
  void breaker.run(() => new Promise(() => {}));
  assertEquals(breaker.explain().total, 0);
});

Deno.test("SreBreaker records errors that cannot be read, and long ones in part", async () => {
  const hostile = {
    [Symbol.toPrimitive]: throwing("trap"),
  };
  assertEquals((await recorded(() => Promise.reject(hostile))).failures, ["unreadable error"]);
  const long = await recorded(throwing("x".repeat(10_000)));
  assertEquals(long.failures[0]?.length, 200);
});

async function opened(options?: SreBreakerOptions) {
  const it = setUp(0.5, options);
  await it.calls(12);
  return it;
}

Deno.test("SreBreaker.run() gives the fallback's answer when open, and records one drop", async () => {
  const { breaker } = await opened();
  const before = breaker.explain();
  let error: CircuitOpenError | undefined;
  const answer = await breaker.run(up, {
    fallback: (it) => {
      error = it;
      return "cached";
    },
  });
  assertEquals([answer, error?.code, error?.httpStatus], ["cached", "unavailable", 503]);
  assertEquals(breaker.explain().total - before.total, 1);
  await assertRejects(() => breaker.run(up, { fallback: throwing("no cache") }), Error, "no cache");
  assertEquals(breaker.explain().failed, before.failed);
});

Deno.test("SreBreaker explains a refusal with its inputs and the failures that led to it", async () => {
  const { breaker, clock } = await opened();
  clock.elapse(400);
  const error = await assertRejects(() => breaker.run(up), CircuitOpenError);
  assertEquals(error.retryAfterMs, 600);
  assertEquals(error.message, 'Cannot call "callee": circuit open');
  assertEquals(error.details, { reason: "circuit_open" });
  const { state, total, failed, dropped, failingBuckets, lastFailures } = error.report!;
  assertEquals({ state, total, failed, dropped, failingBuckets }, {
    state: "open",
    total: 13,
    failed: 12,
    dropped: 1,
    failingBuckets: 1,
  });
  assertEquals(lastFailures.length, 5);
  assertEquals(lastFailures[0], { wallTimeMs: 0, message: "down" });
});

Deno.test("SreBreaker keeps the last five failures, newest first", async () => {
  const { breaker } = setUp(0.99);
  for (let i = 0; i < 7; i++) await breaker.run(throwing(`e${i}`)).catch(() => {});
  const messages = breaker.explain().lastFailures.map(({ message }) => message);
  assertEquals(messages, ["e6", "e5", "e4", "e3", "e2"]);
});

Deno.test("SreBreaker.allow() takes the first word on a call, and none from a disposed token", () => {
  const { breaker } = setUp(0.5);
  const token = breaker.allow();
  token.accept();
  token.reject(new Error("late"));
  const second = breaker.allow();
  second.reject("no");
  second.accept();
  {
    using _third = breaker.allow();
  }
  const fourth = breaker.allow();
  fourth[Symbol.dispose]();
  fourth.reject();
  const { accepted, failed, lastFailures } = breaker.explain();
  assertEquals([accepted, failed, lastFailures[0]?.message], [1, 1, "no"]);
});

Deno.test("SreBreaker.allow() throws when open, and records one drop", async () => {
  const { breaker } = await opened();
  assertThrows(() => breaker.allow(), CircuitOpenError);
  assertEquals(breaker.explain().dropped, 1);
});

Deno.test("SreBreaker closes after eight probes in a row, each after half the wait", async () => {
  const { clock, breaker, calls } = await opened();
  const waits: number[] = [];
  for (let probe = 0; probe < 8; probe++) {
    let waited = 0;
    while (await calls(1, up) === "R") {
      clock.elapse(1);
      waited++;
    }
    waits.push(waited);
    if (probe === 0) assertEquals(breaker.explain().state, "half_open");
  }
  assertEquals(waits, [1001, 501, 251, 126, 63, 32, 16, 8]);
  const { state, total } = breaker.explain();
  assertEquals([state, total], ["closed", 0]);
});

Deno.test("SreBreaker begins again after a probe that failed", async () => {
  const { clock, breaker, calls } = await opened();
  clock.elapse(1001);
  await calls(1, up);
  clock.elapse(501);
  await calls(1, down);
  assertEquals(breaker.explain().state, "open");
  clock.elapse(501);
  assertEquals(await calls(1, up), "R");
});

Deno.test("SreBreaker does not take calls that began before it opened for probes", async () => {
  const { breaker, calls } = setUp(0.5);
  const settle: (() => void)[] = [];
  const early = Array.from(
    { length: 20 },
    () => breaker.run(() => new Promise<void>((resolve) => settle.push(resolve))),
  );
  await calls(40);
  for (const resolve of settle) resolve();
  await Promise.all(early);
  const { state, accepted } = breaker.explain();
  assertEquals([state, accepted], ["open", 20]);
});

Deno.test("SreBreaker is not moved by an hour on the wall, and is new after an hour of silence", async () => {
  const { clock, breaker, calls } = await opened();
  clock.jumpWallTime(3_600_000);
  assertEquals(await calls(1), "R");
  clock.jumpWallTime(-7_200_000);
  assertEquals(await calls(1), "R");
  clock.elapse(3_600_000);
  const { state, total } = breaker.explain();
  assertEquals([state, total, breaker.isIdle], ["closed", 0, true]);
});

Deno.test("SreBreaker counts every success, however fast they come", async () => {
  const clock = new FakeClock();
  const breaker = new SreBreaker({ clock });
  for (let i = 0; i < 1000; i++) {
    await breaker.run(up);
    if (i % 10 === 0) clock.elapse(1);
  }
  assertEquals(breaker.explain().accepted, 1000);
});

Deno.test("SreBreaker alerts once, with the failures", async () => {
  const texts: string[] = [];
  const clock = new FakeClock();
  const alerts = new AlertReporter({ deliver: (text) => texts.push(text), clock });
  const { calls } = await opened({ alerts, clock });
  await calls(5);
  assertEquals(texts.length, 1);
  assertMatch(
    texts[0]!,
    /breaker "callee" is open: 12 of 13 calls failed, 1 refused(\n\d\d:\d\d:\d\d down){5}$/,
  );
});

Deno.test("SreBreaker is called by eight letters and digits unless named", () => {
  assertMatch(new SreBreaker().name, /^[a-zA-Z0-9]{8}$/);
});

const badOptions: readonly { options: SreBreakerOptions; message: string }[] = [
  { options: { k: 1 }, message: "need a finite k > 1, got 1" },
  { options: { k: NaN }, message: "need a finite k > 1, got NaN" },
  { options: { k: 2, minK: 3 }, message: "need minK 1 to 2, got 3" },
  { options: { protection: -1 }, message: "need a finite protection >= 0, got -1" },
  { options: { windowMs: 0 }, message: "need a finite windowMs > 0, got 0" },
  { options: { probeMs: Infinity }, message: "need a finite probeMs > 0, got Infinity" },
];

for (const { options, message } of badOptions) {
  Deno.test(`SreBreaker refuses ${Object.keys(options)} out of range: ${message}`, () => {
    assertThrows(() => new SreBreaker(options), RangeError, `Cannot make breaker: ${message}`);
  });
}
