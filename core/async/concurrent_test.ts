import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { CancelWithoutReasonError } from "./errors.ts";
import { finish, finishVoid } from "./finish.ts";
import { forEach } from "./for_each.ts";
import { parallel, parallelSafe } from "./parallel.ts";
import { MemoryLog } from "../testing/memory_log.ts";

const E = new Error("E");
const never = () => new Promise<never>(() => {});
const throwE = () => {
  throw E;
};

Deno.test("forEach() counts the even numbers below 1000", async () => {
  let even = 0;
  const items = Array.from({ length: 1_000 }, (_, i) => i);
  await forEach(items, (item) => void (item % 2 === 0 && even++));
  assertEquals(even, 500);
});

Deno.test("forEach() stops when every call throws", async () => {
  let calls = 0;
  const items = Array.from({ length: 1_000 }, (_, i) => i);
  await assertRejects(() => forEach(items, () => (calls++, throwE())), Error, "E");
  assertLess(calls, 500);
});

Deno.test("forEach() waits for calls in flight before it throws", async () => {
  const clock = new FakeClock();
  const seen: string[] = [];
  const result = forEach([1, 2], async (item) => {
    if (item === 2) throw E;
    await clock.sleep(10);
    seen.push("finished");
  }).catch((error) => void seen.push(error.message));
  await clock.advance(9);
  assertEquals(seen, []);
  await clock.advance(1);
  await result;
  assertEquals(seen, ["finished", "E"]);
});

Deno.test("forEach() closes the source and is released when cancelled", async () => {
  let closed = false;
  function* source() {
    try {
      for (let i = 0;; i++) yield i;
    } finally {
      closed = true;
    }
  }
  const signals: AbortSignal[] = [];
  const fn = (item: number, context: { cancel(error?: unknown): void; signal: AbortSignal }) => {
    signals.push(context.signal);
    if (item === 2) context.cancel();
    return never();
  };
  await assertRejects(() => forEach(source(), fn), CancelWithoutReasonError);
  assertEquals([closed, signals.length, signals.every((it) => it.aborted)], [true, 3, true]);
});

Deno.test("forEach() is released by abort, before and during", async () => {
  const signal = AbortSignal.abort(E);
  let calls = 0;
  await assertRejects(() => forEach([1], () => calls++, { signal }), Error, "E");
  assertEquals(calls, 0);
  const controller = new AbortController();
  const result = forEach([1], never, { signal: controller.signal });
  controller.abort(E);
  await assertRejects(() => result, Error, "E");
});

Deno.test("forEach() ignores a rejection after it was cancelled", async () => {
  const { promise, reject } = Promise.withResolvers<void>();
  const result = forEach([1, 2], (item, { cancel }) => item === 1 ? promise : cancel(E));
  await assertRejects(() => result, Error, "E");
  reject(new Error("late")); // Unhandled, it would fail the test.
  await Promise.resolve();
});

for (const fns of [[], [() => 2, () => 3, () => Promise.resolve(5)]]) {
  Deno.test(`finish() and finishVoid() run ${fns.length} functions`, async () => {
    await finish(fns);
    await finishVoid(fns);
  });
}

Deno.test("finish() throws the first error at once and tells the others", async () => {
  const clock = new FakeClock();
  let signal: AbortSignal | undefined;
  const fns = [
    (context: { signal: AbortSignal }) => (signal = context.signal, never()),
    async () => {
      await clock.sleep(5);
      throw E;
    },
    async () => {
      await clock.sleep(6);
      throw new Error("second"); // Unhandled, it would fail the test.
    },
  ];
  const rejected = assertRejects(() => finish(fns), Error, "E");
  await clock.advance(5);
  await rejected;
  assertEquals([signal?.aborted, signal?.reason], [true, E]);
  await clock.advance(1);
});

Deno.test("finish() throws what a function throws synchronously", async () => {
  await assertRejects(() => finish([() => 1, throwE, never]), Error, "E");
});

Deno.test("finishVoid() waits for all before it throws the first error", async () => {
  const clock = new FakeClock();
  let finished = false;
  const result = finishVoid([throwE, () => clock.sleep(10).then(() => finished = true)]);
  const rejected = assertRejects(() => result, Error, "E");
  await clock.advance(10);
  await rejected;
  assertEquals(finished, true);
});

for (const [name, run] of Object.entries({ finish, finishVoid })) {
  Deno.test(`${name}() is released by abort, before and during`, async () => {
    let calls = 0;
    const signal = AbortSignal.abort(E);
    await assertRejects(() => run([() => calls++], { signal }), Error, "E");
    assertEquals(calls, 0);
    const controller = new AbortController();
    const result = run([never], { signal: controller.signal });
    controller.abort(E);
    await assertRejects(() => result, Error, "E");
  });
}

Deno.test("parallel() answers in the order of the functions", async () => {
  const clock = new FakeClock();
  const after = (ms: number) => async () => (await clock.sleep(ms), ms);
  const result = parallel([after(3), after(1), after(2), () => 0]);
  await clock.advance(3);
  assertEquals(await result, [3, 1, 2, 0]);
});

Deno.test("parallel() runs all and combines what they throw", async () => {
  let ran = 0;
  const fail = (message: string) => () => {
    ran++;
    throw new Error(message);
  };
  await assertRejects(() => parallel([() => ran++, fail("only")]), Error, "only");
  const fns = [fail("first"), () => ran++, () => Promise.reject("second"), fail("third")];
  const error = await assertRejects(() => parallel(fns), AggregateError);
  assertEquals([error.message, error.errors.length, ran], ["first\nsecond\nthird", 3, 5]);
});

Deno.test("parallel() runs no more at once than it has workers", async () => {
  let active = 0;
  const fn = async () => {
    assert(++active <= 2);
    await Promise.resolve();
    active--;
  };
  await parallel(Array(10).fill(fn), { workers: 2 });
  await assertRejects(() => parallel([], { workers: NaN }), RangeError, "workers");
});

Deno.test("parallel() is released by abort", async () => {
  const controller = new AbortController();
  const result = parallel([never], { signal: controller.signal });
  controller.abort(E);
  await assertRejects(() => result, Error, "E");
});

Deno.test("parallelSafe() reports what fails and waits for all", async () => {
  const logger = new MemoryLog();
  let ran = 0;
  await parallelSafe([throwE, () => Promise.resolve(ran++)], { task: "job", logger });
  assertEquals([ran, ...logger.contents("error")], [1, "Cannot finish job: E"]);
});
