import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { FakeClock } from "./fake_clock.ts";

Deno.test("FakeClock stands still until told to move", async () => {
  const clock = new FakeClock();
  assertEquals([clock.now(), clock.wallTime()], [0, 0]);
  await new Promise<void>((resolve) => queueMicrotask(resolve));
  assertEquals(clock.now(), 0);
  await clock.advance(1.5);
  clock.elapse(0.25);
  assertEquals([clock.now(), clock.wallTime()], [1.75, 1.75]);
});

Deno.test("FakeClock.wallTime() begins where it is told and can jump alone", async () => {
  const clock = new FakeClock({ wallTime: 1_000_000 });
  let fired = 0;
  clock.setTimer(() => fired++, 10);
  clock.jumpWallTime(60_000);
  assertEquals([clock.now(), clock.wallTime(), fired], [0, 1_060_000, 0]);
  clock.jumpWallTime(-120_000);
  await clock.advance(10);
  assertEquals([clock.now(), clock.wallTime(), fired], [10, 940_010, 1]);
});

const moves = [
  { name: "advance", move: (clock: FakeClock, ms: number) => clock.advance(ms) },
  {
    name: "elapse",
    move: (clock: FakeClock, ms: number) => Promise.resolve(clock.elapse(ms)),
  },
];

for (const { name, move } of moves) {
  Deno.test(`FakeClock.${name}() fires a timer once, at its time and not before`, async () => {
    const clock = new FakeClock();
    const fired: number[] = [];
    clock.setTimer(() => fired.push(clock.now()), 10);
    await move(clock, 9.999);
    assertEquals([fired, clock.pendingTimers], [[], 1]);
    await move(clock, 0.001);
    await move(clock, 100);
    assertEquals([fired, clock.pendingTimers], [[10], 0]);
  });

  Deno.test(`FakeClock.${name}() fires in the order of time, then of setting`, async () => {
    const clock = new FakeClock();
    const fired: string[] = [];
    clock.setTimer(() => fired.push("late"), 20);
    clock.setTimer(() => fired.push("first of two"), 10);
    clock.setTimer(() => fired.push("second of two"), 10);
    clock.setTimer(() => fired.push("early"), 5);
    await move(clock, 20);
    assertEquals(fired, ["early", "first of two", "second of two", "late"]);
  });

  Deno.test(`FakeClock.${name}() fires timers that timers set, if they fall due`, async () => {
    const clock = new FakeClock();
    const fired: number[] = [];
    clock.setTimer(() => {
      fired.push(clock.now());
      clock.setTimer(() => fired.push(clock.now()), 5);
      clock.setTimer(() => fired.push(clock.now()), 50);
    }, 10);
    await move(clock, 20);
    assertEquals([fired, clock.now(), clock.pendingTimers], [[10, 15], 20, 1]);
  });

  Deno.test(`FakeClock.${name}() fires an interval until cancelled, from within too`, async () => {
    const clock = new FakeClock();
    const fired: number[] = [];
    const timer = clock.setInterval(() => {
      fired.push(clock.now());
      if (fired.length === 4) timer.cancel();
    }, 10);
    await move(clock, 35);
    assertEquals([fired, clock.pendingTimers], [[10, 20, 30], 1]);
    await move(clock, 1000);
    assertEquals([fired, clock.pendingTimers], [[10, 20, 30, 40], 0]);
  });

  Deno.test(`FakeClock.${name}() lets an interval and a timer take turns`, async () => {
    const clock = new FakeClock();
    const fired: string[] = [];
    clock.setInterval(() => fired.push("interval"), 10);
    clock.setTimer(() => fired.push("timer"), 20);
    await move(clock, 20);
    // At 20 the timer was set before the interval was armed again.
    assertEquals(fired, ["interval", "timer", "interval"]);
  });

  for (const ms of [-1, NaN]) {
    Deno.test(`FakeClock.${name}() refuses ${ms}`, async () => {
      const clock = new FakeClock();
      await assertRejects(async () => await move(clock, ms), RangeError, "need deltaMs >= 0");
      assertEquals(clock.now(), 0);
    });
  }
}

Deno.test("FakeClock.setTimer() takes a negative delay for none", async () => {
  const clock = new FakeClock();
  let at: number | undefined;
  await clock.advance(5);
  clock.setTimer(() => at = clock.now(), -10);
  assertEquals(at, undefined); // Never within the call.
  await clock.advance(0);
  assertEquals(at, 5);
});

Deno.test("FakeClock.setTimer() answers a timer that can be cancelled and disposed, twice too", async () => {
  const clock = new FakeClock();
  let fired = 0;
  const cancelled = clock.setTimer(() => fired++, 10);
  cancelled.cancel();
  cancelled.cancel();
  {
    using _disposed = clock.setTimer(() => fired++, 10);
    assertEquals(clock.pendingTimers, 1);
  }
  const done = clock.setTimer(() => fired++, 10);
  await clock.advance(10);
  done.cancel();
  assertEquals([fired, clock.pendingTimers], [1, 0]);
});

Deno.test("FakeClock timers can cancel one that is due in the same instant", async () => {
  const clock = new FakeClock();
  const fired: string[] = [];
  clock.setTimer(() => {
    fired.push("first");
    second.cancel();
  }, 10);
  const second = clock.setTimer(() => fired.push("second"), 10);
  await clock.advance(10);
  assertEquals(fired, ["first"]);
});

for (const periodMs of [0, -1, NaN]) {
  Deno.test(`FakeClock.setInterval() refuses a period of ${periodMs}`, () => {
    const clock = new FakeClock();
    assertThrows(() => clock.setInterval(() => {}, periodMs), RangeError, "need periodMs > 0");
    assertEquals(clock.pendingTimers, 0);
  });
}

Deno.test("FakeClock.advance() lets promises run before each next timer", async () => {
  const clock = new FakeClock();
  const seen: string[] = [];
  const chain = async (name: string, ms: number) => {
    await clock.sleep(ms);
    for (let i = 0; i < 20; i++) await Promise.resolve();
    seen.push(`${name} at ${clock.now()}`);
  };
  chain("a", 10);
  chain("b", 20);
  await clock.advance(100);
  assertEquals(seen, ["a at 10", "b at 20"]);
});

Deno.test("FakeClock.advance() runs loops that sleep again and again", async () => {
  const clock = new FakeClock();
  let rounds = 0;
  const loop = (async () => {
    while (rounds < 100) {
      await clock.sleep(10);
      rounds++;
    }
  })();
  await clock.advance(999);
  assertEquals(rounds, 99);
  await clock.advance(1);
  await loop;
  assertEquals([rounds, clock.pendingTimers], [100, 0]);
});

Deno.test("FakeClock.elapse() does not yield to promises", async () => {
  const clock = new FakeClock();
  let woke = false;
  const slept = clock.sleep(10).then(() => woke = true);
  clock.elapse(10);
  assertEquals([woke, clock.now(), clock.pendingTimers], [false, 10, 0]);
  await slept;
  assertEquals(woke, true);
});

Deno.test("FakeClock.sleep() ends early with the reason of its signal", async () => {
  const clock = new FakeClock();
  const controller = new AbortController();
  const slept = clock.sleep(1000, { signal: controller.signal });
  controller.abort(new Error("gone"));
  await assertRejects(() => slept, Error, "gone");
  assertEquals(clock.pendingTimers, 0);
  await assertRejects(() => clock.sleep(1, { signal: controller.signal }), Error, "gone");
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("FakeClock.sleep() is not touched by an abort after its end", async () => {
  const clock = new FakeClock();
  const controller = new AbortController();
  const slept = clock.sleep(10, { signal: controller.signal });
  await clock.advance(10);
  controller.abort(new Error("late"));
  await slept;
});

Deno.test("FakeClock with autoAdvance sleeps in no time and fires what falls due", async () => {
  const clock = new FakeClock({ autoAdvance: true });
  const fired: number[] = [];
  clock.setInterval(() => fired.push(clock.now()), 1000);
  await clock.sleep(2500);
  assertEquals([clock.now(), fired], [2500, [1000, 2000]]);
});

Deno.test("FakeClock with autoAdvance does not move for a signal that is aborted already", async () => {
  const clock = new FakeClock({ autoAdvance: true });
  const signal = AbortSignal.abort(new Error("gone"));
  await assertRejects(() => clock.sleep(1000, { signal }), Error, "gone");
  assertEquals([clock.now(), clock.pendingTimers], [0, 0]);
});

Deno.test("FakeClock fires like a sorted list would, whatever is set and cancelled", async () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  let state = seed;
  const below = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  for (let round = 0; round < 50; round++) {
    const clock = new FakeClock();
    const fired: string[] = [];
    const expected: { due: number; id: number }[] = [];
    for (let id = 0; id < 30; id++) {
      const due = below(20);
      const timer = clock.setTimer(() => fired.push(`${id}@${clock.now()}`), due);
      if (below(4) === 0) timer.cancel();
      else expected.push({ due, id });
    }
    expected.sort((a, b) => a.due - b.due || a.id - b.id);
    while (clock.now() < 20) clock.elapse(1 + below(5));
    assertEquals(fired, expected.map(({ id, due }) => `${id}@${due}`), `seed ${seed}`);
    assert(clock.pendingTimers === 0, `seed ${seed}`);
  }
  await Promise.resolve();
});

Deno.test("FakeClock never goes back when a callback moves it", async () => {
  const clock = new FakeClock();
  const seen: number[] = [];
  clock.setTimer(() => clock.elapse(100), 5);
  clock.setTimer(() => seen.push(clock.now()), 8);
  await clock.advance(10);
  assertEquals([seen, clock.now()], [[8], 105]);
});
