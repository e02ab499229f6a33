import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { DeadlineWheel } from "../async/deadline_wheel.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { CountedSignal } from "./_counted_signal_test.ts";
import { currentDeadline, runWithDeadline } from "./ambient_deadline.ts";
import { Deadline } from "./deadline.ts";
import { DeadlineExceededError } from "./errors.ts";
import { withTimeout } from "./with_timeout.ts";

function setUp(): { clock: FakeClock; deadlines: DeadlineWheel } {
  const clock = new FakeClock();
  return { clock, deadlines: new DeadlineWheel({ clock, tickMs: 1 }) };
}

for (const timeoutMs of [0, -1, NaN]) {
  Deno.test(`withTimeout() refuses ${timeoutMs} ms`, async () => {
    let calls = 0;
    const says = `timeoutMs > 0, got ${timeoutMs}`;
    await assertRejects(() => withTimeout(() => calls++, timeoutMs), RangeError, says);
    assertEquals(calls, 0);
  });
}

const settling = [
  { name: "a value", fn: () => 7 as unknown, value: 7 },
  { name: "a promise", fn: () => Promise.resolve(7), value: 7 },
  { name: "a thenable", fn: () => ({ then: (done: (it: number) => void) => done(7) }), value: 7 },
  { name: "undefined", fn: () => undefined, value: undefined },
];
for (const { name, fn, value } of settling) {
  Deno.test(`withTimeout() answers ${name} and leaves nothing behind`, async () => {
    const { clock, deadlines } = setUp();
    const source = new CountedSignal();
    assertEquals(await withTimeout(fn, 100, { deadlines, signal: source.signal }), value);
    assertEquals([deadlines.size, source.count], [0, 0]);
    await clock.advance(2);
    assertEquals(clock.pendingTimers, 0);
  });
}

const failing = [
  {
    name: "a sync throw",
    fn: () => {
      throw new TypeError("bad");
    },
  },
  { name: "a rejection", fn: () => Promise.reject(new TypeError("bad")) },
];
for (const { name, fn } of failing) {
  Deno.test(`withTimeout() rejects with ${name} as it is and leaves nothing behind`, async () => {
    const { deadlines } = setUp();
    const source = new CountedSignal();
    const outcome = withTimeout(fn, 100, { deadlines, signal: source.signal });
    await assertRejects(() => outcome, TypeError, "bad");
    assertEquals([deadlines.size, source.count], [0, 0]);
  });
}

Deno.test("withTimeout() ends work that never does, aborts it and leaves nothing behind", async () => {
  const { clock, deadlines } = setUp();
  const source = new CountedSignal();
  let inner: AbortSignal | undefined;
  const outcome = withTimeout(
    ({ signal }) => {
      inner = signal;
      return new Promise<never>(() => {});
    },
    100,
    { deadlines, signal: source.signal },
  );
  const failed = assertRejects(() => outcome, DeadlineExceededError, "the time of 100 ms is up");
  await clock.advance(99);
  assertEquals(inner?.aborted, false);
  await clock.advance(2);
  const error = await failed;
  assert(inner?.aborted);
  assertStrictEquals(error.cause, inner.reason);
  assertEquals([deadlines.size, source.count], [0, 0]);
});

Deno.test("withTimeout() says that time was up, even if the work rejects with the signal's reason", async () => {
  const { clock, deadlines } = setUp();
  const outcome = withTimeout(
    ({ signal }) => {
      const { promise, reject } = Promise.withResolvers<never>();
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      return promise;
    },
    100,
    { deadlines },
  );
  const failed = assertRejects(() => outcome, DeadlineExceededError);
  await clock.advance(101);
  await failed;
});

Deno.test("withTimeout() drops what comes too late, a rejection as well", async () => {
  const { clock, deadlines } = setUp();
  for (const settle of [() => Promise.resolve(1), () => Promise.reject(new Error("late"))]) {
    const outcome = withTimeout(() => clock.sleep(200).then(settle), 100, { deadlines });
    const failed = assertRejects(() => outcome, DeadlineExceededError);
    await clock.advance(300); // An unhandled rejection here would fail the test.
    await failed;
  }
});

Deno.test("withTimeout() ends with the reason of the signal", async () => {
  const { deadlines } = setUp();
  const source = new CountedSignal();
  let inner: AbortSignal | undefined;
  const outcome = withTimeout(
    (deadline) => {
      inner = deadline.signal;
      return new Promise<never>(() => {});
    },
    100,
    { deadlines, signal: source.signal },
  );
  const reason = new DOMException("the client is gone", "AbortError");
  source.abort(reason);
  assertStrictEquals(await outcome.catch((thrown) => thrown), reason);
  assertStrictEquals(inner?.reason, reason);
  assertEquals([deadlines.size, source.count], [0, 0]);
});

Deno.test("withTimeout() does not begin when the signal is aborted", async () => {
  const { deadlines } = setUp();
  let calls = 0;
  const signal = AbortSignal.abort("gone");
  const outcome = withTimeout(() => calls++, 100, { deadlines, signal });
  assertEquals([await outcome.catch((thrown) => thrown), calls], ["gone", 0]);
});

Deno.test("withTimeout() stays within the current deadline", async () => {
  const { clock, deadlines } = setUp();
  using current = new Deadline(50, { deadlines });
  const outcome = runWithDeadline(
    current,
    () => withTimeout(() => new Promise<never>(() => {}), 1_000),
  );
  const failed = assertRejects(() => outcome, DeadlineExceededError, "50 ms is up");
  await clock.advance(51);
  await failed;
});

Deno.test("runWithDeadline() reaches through awaits and timers, and no further", async () => {
  const { clock, deadlines } = setUp();
  using outer = new Deadline(1_000, { deadlines });
  using inner = outer.child(500);
  const seen: (Deadline | undefined)[] = [currentDeadline()];
  await runWithDeadline(outer, async () => {
    await Promise.resolve();
    seen.push(currentDeadline());
    runWithDeadline(inner, () => seen.push(currentDeadline()));
    seen.push(currentDeadline());
  });
  seen.push(currentDeadline());
  assertEquals(seen.map((it) => it?.atMs), [undefined, 1_000, 500, 1_000, undefined]);
  await clock.advance(1);
});

Deno.test("runWithDeadline() lets a throw through and restores what was", () => {
  const { deadlines } = setUp();
  using deadline = new Deadline(1_000, { deadlines });
  const thrown = new Error("bad");
  try {
    runWithDeadline(deadline, () => {
      throw thrown;
    });
  } catch (error) {
    assertStrictEquals(error, thrown);
  }
  assertEquals(currentDeadline(), undefined);
});
