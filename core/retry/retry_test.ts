import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { DeadlineWheel } from "../async/deadline_wheel.ts";
import { type ErrorCode, ServiceError } from "../errors.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { CountedSignal } from "../timeout/_counted_signal_test.ts";
import { runWithDeadline } from "../timeout/ambient_deadline.ts";
import { Deadline } from "../timeout/deadline.ts";
import { DeadlineExceededError } from "../timeout/errors.ts";
import { runWithPreviousAttempts } from "./chain.ts";
import { RetryError } from "./errors.ts";
import { retry, type RetryOptions } from "./retry.ts";
import { RetryBudget } from "./retry_budget.ts";

function setUp(): { clock: FakeClock; deadlines: DeadlineWheel; options: RetryOptions } {
  const clock = new FakeClock();
  const deadlines = new DeadlineWheel({ clock, tickMs: 1 });
  return { clock, deadlines, options: { idempotent: true, clock, deadlines, random: () => 0.5 } };
}

/** Fails so many times, then answers "up". Counts its calls. */
function failing(failures: number, error: unknown = new TypeError("reset")) {
  const fn = () => fn.calls++ < failures ? Promise.reject(error) : Promise.resolve("up");
  fn.calls = 0;
  return fn;
}

const wrong = [
  { options: { attempts: 0 }, says: "attempts >= 1, got 0" },
  { options: { attempts: 1.5 }, says: "attempts >= 1, got 1.5" },
  { options: { baseMs: -1 }, says: "baseMs >= 0, got -1" },
  { options: { maxMs: NaN }, says: "maxMs >= 0, got NaN" },
  { options: { timeoutMs: 0 }, says: "timeoutMs > 0, got 0" },
  { options: { attemptTimeoutMs: -5 }, says: "attemptTimeoutMs > 0, got -5" },
];
for (const { options, says } of wrong) {
  Deno.test(`retry() refuses ${Object.keys(options)}: ${says}`, async () => {
    const fn = failing(0);
    await assertRejects(() => retry(fn, { idempotent: true, ...options }), RangeError, says);
    assertEquals(fn.calls, 0);
  });
}

const counts = [
  { name: "once if that succeeds", failures: 0, attempts: undefined, calls: 1, ok: true },
  { name: "a third time by default", failures: 2, attempts: undefined, calls: 3, ok: true },
  { name: "no fourth time by default", failures: 3, attempts: undefined, calls: 3, ok: false },
  { name: "six times if allowed", failures: 5, attempts: 6, calls: 6, ok: true },
  { name: "once if that is all", failures: 1, attempts: 1, calls: 1, ok: false },
];
for (const { name, failures, attempts, calls, ok } of counts) {
  Deno.test(`retry() calls ${name}`, async () => {
    const fn = failing(failures);
    const clock = new FakeClock({ autoAdvance: true });
    const outcome = await retry(fn, { idempotent: true, attempts, clock }).catch(() => "down");
    assertEquals([outcome, fn.calls], [ok ? "up" : "down", calls]);
  });
}

Deno.test("retry() waits twice as long each time, and not after the last failure", async () => {
  const clock = new FakeClock({ autoAdvance: true });
  const options = { idempotent: true, attempts: 6, baseMs: 100, maxMs: 300, clock };
  await assertRejects(() => retry(failing(9), { ...options, random: () => 0.5 }), RetryError);
  assertEquals(clock.now(), 50 + 100 + 150 + 150 + 150);
});

const codes: [ErrorCode, boolean][] = [
  ["canceled", false],
  ["unknown", true],
  ["invalid_argument", false],
  ["deadline_exceeded", true],
  ["not_found", false],
  ["already_exists", false],
  ["permission_denied", false],
  ["resource_exhausted", true],
  ["failed_precondition", false],
  ["aborted", true],
  ["out_of_range", false],
  ["unimplemented", false],
  ["internal", false],
  ["unavailable", true],
  ["data_loss", false],
  ["unauthenticated", false],
];
for (const [code, retried] of codes) {
  Deno.test(`retry() ${retried ? "retries" : "does not retry"} ${code}`, async () => {
    const error = new ServiceError(code, "Cannot do it: no");
    const fn = failing(1, error);
    const clock = new FakeClock({ autoAdvance: true });
    const outcome = await retry(fn, { idempotent: true, clock }).catch((thrown) => thrown);
    assertEquals([outcome, fn.calls], retried ? ["up", 2] : [error, 1]);
  });
}

Deno.test("retry() calls what is not idempotent once, unless told what may be retried", async () => {
  const clock = new FakeClock({ autoAdvance: true });
  const once = failing(1);
  await assertRejects(() => retry(once, { idempotent: false, clock }), TypeError);
  const twice = failing(1);
  await retry(twice, { idempotent: false, retryable: (it) => it instanceof TypeError, clock });
  assertEquals([once.calls, twice.calls], [1, 2]);
});

Deno.test("retry() rejects with an answer that came after a failure as it is", async () => {
  const clock = new FakeClock({ autoAdvance: true });
  const notFound = new ServiceError("not_found", "Cannot find user: no id 7");
  const outcome = retry(({ number }) => {
    throw number === 1 ? new TypeError("reset") : notFound;
  }, { idempotent: true, clock });
  assertStrictEquals(await outcome.catch((thrown) => thrown), notFound);
});

Deno.test("retry() rejects with all failures, and answers as the last", async () => {
  const clock = new FakeClock({ autoAdvance: true });
  const last = new ServiceError("unavailable", "Cannot call users: down", {
    details: { zone: "a" },
    retryAfterMs: 5,
  });
  const errors = [new TypeError("one"), "two", last];
  const outcome = retry(({ number }) => Promise.reject(errors[number - 1]), {
    idempotent: true,
    clock,
  });
  const error = await assertRejects(() => outcome, RetryError, "in 3 attempts: Cannot call users");
  assertEquals([error.errors, error.reason], [errors, "attempts"]);
  assertEquals([error.code, error.details, error.retryAfterMs], ["unavailable", { zone: "a" }, 5]);
  assert(error.cause instanceof AggregateError);
  assertEquals(error.cause.errors, errors);
});

Deno.test("RetryError says nothing of what an unknown error says", async () => {
  const clock = new FakeClock({ autoAdvance: true });
  const outcome = retry(failing(9, new Error("password is 1234")), { idempotent: true, clock });
  const error = await assertRejects(() => outcome, RetryError);
  assertEquals(error.message.includes("1234"), false);
});

Deno.test("retry() retries a sync throw like a rejection", async () => {
  const clock = new FakeClock({ autoAdvance: true });
  const answer = retry(({ number }) => {
    if (number < 3) throw new TypeError("sync");
    return number;
  }, { idempotent: true, clock });
  assertEquals(await answer, 3);
});

Deno.test("retry() rejects with what its predicate throws", async () => {
  const retryable = () => {
    throw new SyntaxError("in the predicate");
  };
  await assertRejects(() => retry(failing(1), { idempotent: true, retryable }), SyntaxError);
});

const asked = [
  { name: "waits as long as the callee asks", retryAfterMs: 2_000, waitedMs: 2_000, calls: 2 },
  { name: "waits its own time if that is longer", retryAfterMs: 10, waitedMs: 50, calls: 2 },
  { name: "gives up if the callee asks for too much", retryAfterMs: 11_000, waitedMs: 0, calls: 1 },
];
for (const { name, retryAfterMs, waitedMs, calls } of asked) {
  Deno.test(`retry() ${name}`, async () => {
    const clock = new FakeClock({ autoAdvance: true });
    const fn = failing(1, new ServiceError("unavailable", "Cannot call: busy", { retryAfterMs }));
    await retry(fn, { idempotent: true, random: () => 0.5, clock }).catch(() => {});
    assertEquals([clock.now(), fn.calls], [waitedMs, calls]);
  });
}

// The rows of go-zero's retry with a timeout of 250 ms for the whole.
const timed = [
  {
    name: "ends while the second attempt runs",
    takesMs: [0, 150],
    waitMs: 150,
    calls: 2,
    ok: false,
  },
  { name: "does not wait beyond the end", takesMs: [150, 150], waitMs: 150, calls: 1, ok: false },
  { name: "makes three that fit", takesMs: [50, 50, 50], waitMs: 0, calls: 3, ok: true },
];
for (const { name, takesMs, waitMs, calls, ok } of timed) {
  Deno.test(`retry() within 250 ms ${name}`, async () => {
    const { clock, deadlines, options } = setUp();
    let made = 0;
    const outcome = retry(async ({ number }) => {
      made++;
      await clock.sleep(takesMs[number - 1] ?? 0);
      if (!ok || number < takesMs.length) throw new TypeError("reset");
      return "up";
    }, { ...options, baseMs: 2 * waitMs, timeoutMs: 250 }).catch((thrown) => thrown);
    await clock.advance(500);
    const answer = await outcome;
    assertEquals([answer === "up", made, deadlines.size], [ok, calls, 0]);
    if (!ok) assert(answer instanceof Error);
  });
}

Deno.test("retry() gives up at once when the wait would not end in time", async () => {
  const { clock, deadlines, options } = setUp();
  const fn = failing(9);
  await assertRejects(() => retry(fn, { ...options, baseMs: 1_000, timeoutMs: 400 }), TypeError);
  assertEquals([clock.now(), fn.calls, deadlines.size], [0, 1, 0]);
});

Deno.test("retry() stays within the current deadline and within one that is given", async () => {
  const { clock, deadlines, options } = setUp();
  using deadline = new Deadline(100, { deadlines });
  const never = () => new Promise<never>(() => {});
  const outcomes = [
    runWithDeadline(deadline, () => retry(never, options)),
    retry(never, { ...options, deadline }),
  ].map((outcome) => assertRejects(() => outcome, DeadlineExceededError));
  await clock.advance(101);
  await Promise.all(outcomes);
});

Deno.test("retry() ends each attempt in time, aborts it and makes the next", async () => {
  const { clock, deadlines, options } = setUp();
  const signals: AbortSignal[] = [];
  const answer = retry(({ number, signal, deadline }) => {
    signals.push(signal);
    assertEquals(deadline.remainingMs, 100);
    return number < 3 ? new Promise<never>(() => {}) : "up";
  }, { ...options, attemptTimeoutMs: 100, timeoutMs: 1_000 });
  await clock.advance(500);
  assertEquals(await answer, "up");
  assertEquals(signals.map(({ aborted }) => aborted), [true, true, false]);
  assertEquals(deadlines.size, 0);
});

Deno.test("retry() does not begin when the signal is aborted", async () => {
  const fn = failing(0);
  const signal = AbortSignal.abort("gone");
  assertEquals(await retry(fn, { idempotent: true, signal }).catch((it) => it), "gone");
  assertEquals(fn.calls, 0);
});

for (const during of ["an attempt", "a wait"]) {
  Deno.test(`retry() ends with the signal's reason during ${during}, and leaves no listener`, async () => {
    const { clock, deadlines, options } = setUp();
    const source = new CountedSignal();
    let inner: AbortSignal | undefined;
    const outcome = retry(({ signal }) => {
      inner = signal;
      if (during === "an attempt") return new Promise<never>(() => {});
      throw new TypeError("reset");
    }, { ...options, signal: source.signal, timeoutMs: 10_000 });
    await clock.advance(10);
    source.abort("gone");
    assertEquals(await outcome.catch((thrown) => thrown), "gone");
    assertEquals([inner?.aborted, inner?.reason], [true, "gone"]);
    await clock.advance(1);
    assertEquals([source.count, deadlines.size, clock.pendingTimers], [0, 0, 0]);
  });
}

Deno.test("retry() leaves no listener and no deadline when it succeeds", async () => {
  const { deadlines, options } = setUp();
  const source = new CountedSignal();
  const limits = { timeoutMs: 1_000, attemptTimeoutMs: 100, signal: source.signal };
  await retry(({ signal }) => signal.aborted, { ...options, ...limits });
  assertEquals([source.count, deadlines.size], [0, 0]);
});

Deno.test("retry() stops when the budget is spent, and says that nobody else should go on", async () => {
  const clock = new FakeClock({ autoAdvance: true });
  const budget = new RetryBudget({ ratio: 0, minPerSecond: 1, clock });
  const options = { idempotent: true, attempts: 5, budget, random: () => 0, clock };
  const error = await assertRejects(() => retry(failing(9), options), RetryError);
  assertEquals([error.errors.length, error.reason], [2, "budget"]);
  const inner = failing(9);
  const outer = retry(() => retry(inner, options), { idempotent: true, clock });
  await assertRejects(() => outer, TypeError);
  assertEquals(inner.calls, 1, "the outer one retried what the inner had no budget for");
});

Deno.test("retry() within retry(): the inner one does it", async () => {
  const clock = new FakeClock({ autoAdvance: true });
  const options = { idempotent: true, clock };
  const inner = failing(99);
  await assertRejects(() => retry(() => retry(inner, options), options), RetryError);
  assertEquals(inner.calls, 3);
  const all = failing(99);
  const open = { ...options, chainStop: false };
  await assertRejects(() => retry(() => retry(all, open), open), RetryError);
  assertEquals(all.calls, 9);
});

Deno.test("retry() does not retry while it works for a retry", async () => {
  const clock = new FakeClock({ autoAdvance: true });
  const inner: number[] = [];
  const answer = retry(({ number: outer }) => {
    const flaky = failing(outer === 1 ? 0 : 1);
    if (outer === 1) throw new TypeError("reset before the inner call");
    return retry(flaky, { idempotent: true, clock }).finally(() => inner.push(flaky.calls));
  }, { idempotent: true, clock });
  await assertRejects(() => answer, RetryError);
  assertEquals(inner, [1, 1]);
  const fn = failing(1);
  await assertRejects(
    () => runWithPreviousAttempts(1, () => retry(fn, { idempotent: true, clock })),
    TypeError,
  );
  assertEquals(fn.calls, 1);
});

Deno.test("retry() that nothing bounds gives a deadline that never comes, and counts its attempts", async () => {
  const { clock, deadlines, options } = setUp();
  const seen: unknown[] = [];
  const answer = retry(({ number, deadline, signal }) => {
    seen.push([number, deadline.atMs, deadline.endless, signal.aborted]);
    if (number < 3) throw new TypeError("reset");
    return deadline.child(50);
  }, { ...options, baseMs: 0 });
  using step = await answer;
  assertEquals(seen, [1, 2, 3].map((number) => [number, Infinity, true, false]));
  assertEquals(step.atMs, clock.now() + 50, "a child keeps the time of the options");
  assertEquals([deadlines.size, clock.pendingTimers], [0, 0]);
});

Deno.test("retry() keeps the clock of a deadline without an end", async () => {
  const { clock, deadlines } = setUp();
  await clock.advance(70);
  using endless = new Deadline(Infinity, { deadlines });
  const atMs = await retry(({ deadline }) => deadline.child(50).atMs, {
    idempotent: true,
    deadline: endless,
  });
  assertEquals(atMs, 120);
});
