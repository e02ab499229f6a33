import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "npm:fast-check@^3";
import { DeadlineWheel } from "../async/deadline_wheel.ts";
import { ServiceError } from "../errors.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { CountedSignal } from "./_counted_signal_test.ts";
import { Deadline } from "./deadline.ts";
import { DeadlineExceededError } from "./errors.ts";

function setUp(): { clock: FakeClock; deadlines: DeadlineWheel } {
  const clock = new FakeClock();
  return { clock, deadlines: new DeadlineWheel({ clock, tickMs: 1 }) };
}

for (const timeoutMs of [-1, NaN]) {
  Deno.test(`Deadline refuses ${timeoutMs} ms`, () => {
    assertThrows(() => new Deadline(timeoutMs), RangeError, `timeoutMs >= 0, got ${timeoutMs}`);
    assertThrows(() => Deadline.run(() => 1, timeoutMs), RangeError, "timeoutMs >= 0");
  });
}

Deno.test("Deadline counts down to 0 and no further", () => {
  const { clock, deadlines } = setUp();
  const deadline = new Deadline(100, { deadlines });
  clock.elapse(40);
  assertEquals([deadline.remainingMs, deadline.expired], [60, false]);
  deadline.throwIfEnded();
  clock.elapse(100);
  assertEquals([deadline.remainingMs, deadline.expired], [0, true]);
  const error = assertThrows(() => deadline.throwIfEnded(), DeadlineExceededError, "100 ms is up");
  assertEquals([error.code, error.httpStatus], ["deadline_exceeded", 504]);
});

Deno.test("Deadline takes no notice of jumps of the wall clock", () => {
  const { clock, deadlines } = setUp();
  const deadline = new Deadline(100, { deadlines });
  for (const jumpMs of [3_600_000, -7_200_000]) {
    clock.jumpWallTime(jumpMs);
    assertEquals(deadline.remainingMs, 100);
  }
});

Deno.test("Deadline makes neither timer nor listener until someone waits", async () => {
  const { clock, deadlines } = setUp();
  const source = new CountedSignal();
  const deadline = new Deadline(100, { deadlines, signal: source.signal });
  const child = deadline.child(50);
  assertEquals([deadlines.size, source.count, clock.pendingTimers], [0, 0, 0]);
  assertEquals(child.signal.aborted, false);
  assertStrictEquals(child.signal, child.signal);
  assertEquals([deadlines.size, source.count], [1, 1]);
  child[Symbol.dispose]();
  child[Symbol.dispose]();
  assertEquals([deadlines.size, source.count], [0, 0]);
  await clock.advance(200);
  assertEquals(child.signal.aborted, false, "a disposed deadline aborts nothing any more");
});

Deno.test("Deadline.signal is aborted in time, with what the platform's own gives", async () => {
  const { clock, deadlines } = setUp();
  const { signal } = new Deadline(100, { deadlines });
  await clock.advance(99);
  assertEquals(signal.aborted, false);
  await clock.advance(2);
  assert(signal.reason instanceof DOMException);
  assertEquals(signal.reason.name, "TimeoutError");
  assertEquals(ServiceError.from(signal.reason).code, "deadline_exceeded");
});

Deno.test("Deadline.signal is aborted already if it is asked for too late", () => {
  const { clock, deadlines } = setUp();
  const timed = new Deadline(100, { deadlines });
  const cancelled = new Deadline(1_000, { deadlines, signal: AbortSignal.abort("gone") });
  clock.elapse(100);
  assertEquals([timed.signal.reason.name, cancelled.signal.reason], ["TimeoutError", "gone"]);
  assertEquals([deadlines.size, cancelled.expired], [0, false]);
});

const families = [
  { name: "a longer child ends with its parent", parentMs: 50, childMs: 80, endsAtMs: 50 },
  { name: "a shorter child ends before it", parentMs: 80, childMs: 50, endsAtMs: 50 },
  { name: "a child without a time ends with it", parentMs: 60, childMs: Infinity, endsAtMs: 60 },
  { name: "a parent without a time lets it be", parentMs: Infinity, childMs: 40, endsAtMs: 40 },
];
for (const { name, parentMs, childMs, endsAtMs } of families) {
  Deno.test(`Deadline.child(): ${name}`, async () => {
    const { clock, deadlines } = setUp();
    using parent = new Deadline(parentMs, { deadlines });
    using child = parent.child(childMs);
    assertEquals(child.atMs, endsAtMs);
    const { signal } = child;
    await clock.advance(endsAtMs - 1);
    assertEquals(signal.aborted, false);
    await clock.advance(2);
    assertEquals(signal.aborted, true);
  });
}

Deno.test("Deadline.child() is cancelled by the signals of all before it", () => {
  const { deadlines } = setUp();
  const [first, second] = [new CountedSignal(), new CountedSignal()];
  using root = new Deadline(Infinity, { deadlines, signal: first.signal });
  using middle = root.child(1_000, { signal: second.signal });
  using leaf = middle.child(500);
  const { signal } = leaf;
  assertEquals([root.endless, first.count, second.count], [false, 1, 1]);
  first.abort("stop");
  assertEquals([signal.reason, first.count, second.count], ["stop", 0, 0]);
  assertEquals(deadlines.size, 0);
});

Deno.test("Deadline without time and signal is endless and sets no timer", async () => {
  const { clock, deadlines } = setUp();
  using deadline = new Deadline(Infinity, { deadlines });
  assertEquals([deadline.endless, deadline.remainingMs, deadline.expired], [true, Infinity, false]);
  assertEquals(deadline.signal.aborted, false);
  assertEquals(await deadline.run(() => 7), 7);
  assertEquals([deadlines.size, clock.pendingTimers], [0, 0]);
});

Deno.test("Deadline.run() does not call once the time is up", async () => {
  const { clock, deadlines } = setUp();
  const deadline = new Deadline(10, { deadlines });
  clock.elapse(10);
  let calls = 0;
  await assertRejects(() => deadline.run(() => calls++), DeadlineExceededError, "10 ms is up");
  await assertRejects(
    () => Deadline.run(() => calls++, 100, { parent: deadline }),
    DeadlineExceededError,
  );
  assertEquals(calls, 0);
});

Deno.test("Deadline.run() ends several at once, and aborts the work of all", async () => {
  const { clock, deadlines } = setUp();
  const deadline = new Deadline(20, { deadlines });
  const signals: AbortSignal[] = [];
  const work = ({ signal }: Deadline) => {
    signals.push(signal);
    return new Promise<never>(() => {});
  };
  const all = Promise.allSettled([deadline.run(work), deadline.run(work)]);
  await clock.advance(25);
  assertEquals((await all).map(({ status }) => status), ["rejected", "rejected"]);
  assertEquals([signals.map(({ aborted }) => aborted), deadlines.size], [[true, true], 0]);
});

Deno.test("Deadline of a chain never grows, whatever the order of the times", () => {
  const { clock, deadlines } = setUp();
  const step = fc.record({ timeoutMs: fc.nat(5_000), waitMs: fc.nat(50) });
  fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
    let parent: Deadline | undefined;
    let earliestMs = Infinity;
    for (const { timeoutMs, waitMs } of steps) {
      earliestMs = Math.min(earliestMs, clock.now() + timeoutMs);
      parent = new Deadline(timeoutMs, { deadlines, parent });
      assertEquals(parent.atMs, earliestMs);
      clock.elapse(waitMs);
    }
  }));
});
