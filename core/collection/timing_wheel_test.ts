import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "npm:fast-check@^3";
import { ServiceError } from "../errors.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import { createLogger } from "../log/create_logger.ts";
import { TimingWheel } from "./timing_wheel.ts";

const TICK = 100;

/** Delays are in ticks. `elapse` is how many ticks pass. */
type Step = { set: number; value?: number } | { move: number } | { elapse: number } | {
  remove: true;
};

interface Row {
  readonly name: string;
  readonly slots?: number;
  readonly steps: readonly Step[];
  /** Tick at which each firing happens. */
  readonly fires: readonly number[];
  readonly value?: number;
}

const rows: readonly Row[] = [
  ...[5, 7, 10, 12].map((set) => ({ name: `set ${set}`, steps: [{ set }], fires: [set] })),
  { name: "set half a tick", steps: [{ set: 0.5 }], fires: [1] },
  ...[5, 7, 10, 12].map((move) => ({
    name: `set 3, move ${move}`,
    steps: [{ set: 3 }, { move }],
    fires: [move],
  })),
  ...[7, 10, 12].map((move) => ({
    name: `set 5, move ${move}`,
    steps: [{ set: 5 }, { move }],
    fires: [move],
  })),
  { name: "set 3, move 5, move 10", steps: [{ set: 3 }, { move: 5 }, { move: 10 }], fires: [10] },
  { name: "set 5, move 12, move 17", steps: [{ set: 5 }, { move: 12 }, { move: 17 }], fires: [17] },
  ...[5, 7, 10, 12].map((set) => ({
    name: `after 3 ticks, set ${set}`,
    steps: [{ elapse: 3 }, { set }],
    fires: [3 + set],
  })),
  {
    name: "after 3 ticks, set 12, move 16",
    steps: [{ elapse: 3 }, { set: 12 }, { move: 16 }],
    fires: [19],
  },
  {
    name: "after 5 ticks, set 12, move 17",
    steps: [{ elapse: 5 }, { set: 12 }, { move: 17 }],
    fires: [22],
  },
  { name: "set 4, move 7", slots: 3, steps: [{ set: 4 }, { move: 7 }, { elapse: 5 }], fires: [7] },
  { name: "set 4, move 2", slots: 10, steps: [{ set: 4 }, { move: 2 }], fires: [2] },
  {
    name: "set 4, set again 7",
    slots: 10,
    steps: [{ set: 4, value: 3 }, { set: 7, value: 5 }],
    fires: [7],
    value: 5,
  },
  {
    name: "set 8, 6 ticks, move 7, 3 ticks, remove",
    slots: 10,
    steps: [{ set: 8 }, { elapse: 6 }, { move: 7 }, { elapse: 3 }, { remove: true }, {
      elapse: 30,
    }],
    fires: [],
  },
  {
    name: "after 6 ticks, set 7, move 3",
    slots: 10,
    steps: [{ elapse: 6 }, { set: 7 }, { move: 3 }],
    fires: [9],
  },
  {
    name: "after 6 ticks, set 7, move 12",
    slots: 10,
    steps: [{ elapse: 6 }, { set: 7 }, { move: 12 }],
    fires: [18],
  },
  {
    name: "set 4, move below a tick",
    steps: [{ set: 4 }, { elapse: 1 }, { move: 0.5 }],
    fires: [1],
  },
];

for (const { name, slots = 5, steps, fires, value } of rows) {
  Deno.test(`TimingWheel of ${slots}: ${name}`, async () => {
    const clock = new FakeClock();
    const fired: number[] = [];
    using wheel = new TimingWheel<string, number>({
      tickMs: TICK,
      slots,
      execute: (key, got) => {
        assertEquals([key, got], ["any", value ?? 1]);
        fired.push(clock.now() / TICK);
      },
      clock,
    });
    // Keeps the wheel turning, so that the ticks that elapse count.
    using turning = new TurningWheel(wheel);
    for (const step of steps) {
      if ("set" in step) wheel.set("any", step.value ?? 1, step.set * TICK);
      else if ("move" in step) assertEquals(wheel.move("any", step.move * TICK), true);
      else if ("remove" in step) assertEquals(wheel.remove("any"), true);
      else await clock.advance(step.elapse * TICK);
    }
    await clock.advance(50 * TICK);
    assertEquals(fired, fires);
    assertEquals(turning.size, 1);
  });
}

class TurningWheel implements Disposable {
  constructor(readonly wheel: TimingWheel<string, number>) {
    wheel.set("turning", 0, 1000 * TICK);
  }
  get size(): number {
    return this.wheel.size;
  }
  [Symbol.dispose](): void {
    this.wheel.remove("turning");
  }
}

function recorder<K>(options: { slots?: number } = {}) {
  const clock = new FakeClock();
  const fired: [K, number, number][] = [];
  const wheel = new TimingWheel<K, number>({
    tickMs: TICK,
    execute: (key, value) => void fired.push([key, value, clock.now() / TICK]),
    clock,
    ...options,
  });
  return { clock, fired, wheel };
}

Deno.test("TimingWheel fires fifty timers of one tick, each once, in order", async () => {
  const { clock, fired, wheel } = recorder<number>();
  using _ = wheel;
  for (let i = 0; i < 50; i++) wheel.set(i, i * 2, TICK);
  await clock.advance(TICK);
  assertEquals(fired, Array.from({ length: 50 }, (_, i) => [i, i * 2, 1]));
  await clock.advance(10 * TICK);
  assertEquals(fired.length, 50);
});

Deno.test("TimingWheel is right for every elapsed time, delay and move on ten slots", async () => {
  const wrong: string[] = [];
  for (let elapsed = 0; elapsed < 10; elapsed++) {
    const { clock, fired, wheel } = recorder<string>({ slots: 10 });
    using _ = wheel;
    wheel.set("turning", 0, 1000 * TICK);
    clock.elapse(elapsed * TICK);
    for (let set = 1; set <= 24; set++) {
      for (let move = 1; move <= 24; move++) {
        wheel.set(`${set},${move}`, move, set * TICK);
        wheel.move(`${set},${move}`, move * TICK);
      }
    }
    await clock.advance(30 * TICK);
    assertEquals(fired.length, 576);
    for (const [key, move, tick] of fired) if (tick !== elapsed + move) wrong.push(key);
  }
  assertEquals(wrong, []);
});

Deno.test("TimingWheel.move() below a tick fires once, at once, without blocking the caller", async () => {
  const { clock, fired, wheel } = recorder<string>();
  using _ = wheel;
  wheel.set("a", 1, 5 * TICK);
  assertEquals(wheel.move("a", 1), true);
  assertEquals(fired, []);
  assertEquals([wheel.size, wheel.remove("a"), wheel.move("a", TICK)], [0, false, false]);
  await Promise.resolve();
  assertEquals(fired, [["a", 1, 0]]);
  await clock.advance(20 * TICK);
  assertEquals(fired.length, 1);
});

Deno.test("TimingWheel.drain() hands over every timer once, and keys can be set again", async () => {
  const { clock, fired, wheel } = recorder<string>({ slots: 10 });
  using _ = wheel;
  wheel.set("a", 1, 4 * TICK);
  wheel.set("b", 2, 7 * TICK);
  const drained: [string, number][] = [];
  await wheel.drain((key, value) => void drained.push([key, value]));
  assertEquals(drained, [["a", 1], ["b", 2]]);
  await wheel.drain(() => void drained.push(["again", 0]));
  assertEquals([drained.length, wheel.size], [2, 0]);
  wheel.set("a", 3, 2 * TICK);
  await clock.advance(20 * TICK);
  assertEquals(fired, [["a", 3, 2]]);
});

Deno.test("TimingWheel.drain() runs eight at a time, and a failure stops none", async () => {
  const clock = new FakeClock();
  const sink = new MemoryLog();
  await using logger = createLogger({}, { sink });
  using wheel = new TimingWheel<number, number>({ tickMs: TICK, execute: () => {}, logger, clock });
  for (let i = 0; i < 20; i++) wheel.set(i, i, TICK);
  let running = 0;
  let most = 0;
  const seen: number[] = [];
  const drained = wheel.drain(async (key) => {
    most = Math.max(most, ++running);
    if (key === 1) {
      running--;
      throw new Error("from the callback");
    }
    await clock.sleep(10);
    running--;
    seen.push(key);
  });
  await clock.advance(100);
  await drained;
  assertEquals([most, seen.length, sink.records.length], [8, 19, 1]);
});

Deno.test("TimingWheel logs callbacks that throw or reject; others fire, a hung one blocks nobody", async () => {
  const clock = new FakeClock();
  const sink = new MemoryLog();
  await using logger = createLogger({}, { sink });
  const fired: string[] = [];
  using wheel = new TimingWheel<string, number>({
    tickMs: TICK,
    execute: (key) => {
      if (key === "throws") throw new Error("sync");
      if (key === "rejects") return Promise.reject(new Error("async"));
      if (key === "hangs") return new Promise(() => {});
      fired.push(key);
    },
    logger,
    clock,
  });
  for (const key of ["throws", "rejects", "hangs", "works"]) wheel.set(key, 0, TICK);
  await clock.advance(TICK);
  assertEquals(fired, ["works"]);
  assertEquals(sink.records.map(({ content }) => content), [
    "Cannot run timer of throws: sync",
    "Cannot run timer of rejects: async",
  ]);
});

Deno.test("TimingWheel lets a callback remove, move and set timers of its own tick", async () => {
  const clock = new FakeClock();
  const fired: [string, number][] = [];
  using wheel = new TimingWheel<string, number>({
    tickMs: TICK,
    execute: (key) => {
      fired.push([key, clock.now() / TICK]);
      if (key !== "first") return;
      wheel.remove("removed");
      wheel.move("moved", 3 * TICK);
      wheel.set("set", 0, TICK);
      wheel.set("first", 0, 5 * TICK);
    },
    clock,
  });
  for (const key of ["first", "removed", "moved", "last"]) wheel.set(key, 0, TICK);
  await clock.advance(5 * TICK);
  assertEquals(fired, [["first", 1], ["last", 1], ["set", 2], ["moved", 4]]);
});

Deno.test("TimingWheel forgets what was removed, however much, and fires what took its place", async () => {
  const { clock, wheel, fired } = recorder<number>();
  for (let key = 0; key < 5_000; key++) wheel.set(key, key, 3 * TICK);
  for (let key = 0; key < 5_000; key++) assertEquals(wheel.remove(key), true);
  assertEquals(wheel.size, 0);
  for (const key of [0, 2_000, 4_999]) {
    assertEquals([wheel.remove(key), wheel.move(key, TICK)], [false, false]);
  }
  for (let key = 4_998; key < 7_000; key++) wheel.set(key, -key, 5 * TICK);
  assertEquals(wheel.size, 2_002);
  wheel.remove(4_999);
  await clock.advance(10 * TICK);
  const expected = Array.from({ length: 2_002 }, (_, i) => 4_998 + i).filter((key) =>
    key !== 4_999
  );
  assertEquals(fired, expected.map((key) => [key, -key, 5]));
  assertEquals(wheel.size, 0);
});

Deno.test("TimingWheel holds a timer only while it has something to wait for", async () => {
  const { clock, wheel } = recorder<string>();
  assertEquals(clock.pendingTimers, 0);
  wheel.set("a", 1, TICK);
  assertEquals(clock.pendingTimers, 1);
  await clock.advance(2 * TICK);
  assertEquals(clock.pendingTimers, 0);
  wheel.set("a", 1, 50);
  await clock.advance(TICK);
  assertEquals([wheel.size, clock.pendingTimers], [0, 1]);
  wheel.set("a", 1, 10 * TICK);
  wheel[Symbol.dispose]();
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("TimingWheel fires what fell due in a stall, at its end, and keeps later timers", () => {
  let nowMs = 0;
  let tick = () => {};
  const clock = Object.assign(new FakeClock(), {
    now: () => nowMs,
    setInterval: (callback: () => void) => {
      tick = callback;
      return { cancel: () => {}, [Symbol.dispose]: () => {} };
    },
  });
  const fired: string[] = [];
  using wheel = new TimingWheel<string, number>({
    tickMs: TICK,
    slots: 4,
    execute: (key) => void fired.push(key),
    clock,
  });
  wheel.set("soon", 0, 3 * TICK);
  nowMs += TICK;
  tick();
  wheel.set("later", 0, 40_000 * TICK);
  nowMs += 3_600_000;
  wheel.set("after", 0, 5 * TICK);
  tick();
  assertEquals(fired, ["soon"]);
  for (let i = 0; i < 5; i++) {
    nowMs += TICK;
    tick();
  }
  assertEquals(fired, ["soon", "after"]);
});

const wrongOptions = [
  { options: { tickMs: 0 }, message: "tickMs > 0, got 0" },
  { options: { tickMs: NaN }, message: "tickMs > 0, got NaN" },
  { options: { tickMs: 1, slots: 0 }, message: "slots >= 1, got 0" },
  { options: { tickMs: 1, slots: 1.5 }, message: "slots >= 1, got 1.5" },
];
for (const { options, message } of wrongOptions) {
  Deno.test(`TimingWheel refuses ${message}`, () => {
    assertThrows(() => new TimingWheel({ ...options, execute: () => {} }), RangeError, message);
  });
}
Deno.test("TimingWheel refuses to be made without a callback", () => {
  const options = JSON.parse('{"tickMs":1}');
  assertThrows(() => new TimingWheel(options), TypeError, "need a function execute");
});

for (const delayMs of [0, -1, NaN, Infinity]) {
  Deno.test(`TimingWheel refuses a delay of ${delayMs}, disposed or not`, () => {
    const { wheel } = recorder<string>();
    for (const run of [() => wheel.set("a", 1, delayMs), () => wheel.move("a", delayMs)]) {
      assertThrows(run, RangeError, `delayMs > 0, got ${delayMs}`);
    }
    assertEquals(wheel.size, 0);
    wheel[Symbol.dispose]();
    assertThrows(() => wheel.set("a", 1, delayMs), RangeError);
  });
}

for (const key of [null, undefined]) {
  Deno.test(`TimingWheel refuses the key ${key}`, () => {
    const { wheel } = recorder<string | null | undefined>();
    for (
      const run of [() => wheel.set(key, 1, 1), () => wheel.move(key, 1), () => wheel.remove(key)]
    ) {
      assertThrows(run, TypeError, `need a key, got ${key}`);
    }
  });
}

Deno.test("TimingWheel refuses work once disposed, and disposes twice", async () => {
  const { clock, fired, wheel } = recorder<string>();
  wheel.set("a", 1, TICK);
  wheel[Symbol.dispose]();
  wheel[Symbol.dispose]();
  const runs = [() => wheel.set("a", 1, 1), () => wheel.move("a", 1), () => wheel.remove("a")];
  for (const run of runs) {
    const error = assertThrows(run, ServiceError, "the wheel is disposed");
    assertEquals(error.code, "failed_precondition");
  }
  await assertRejects(() => wheel.drain(() => {}), ServiceError, "the wheel is disposed");
  await clock.advance(10 * TICK);
  assertEquals(fired, []);
});

Deno.test("TimingWheel agrees with a list of due times", async () => {
  const seed = Date.now() | 0;
  console.log(`seed ${seed}`);
  const key = fc.integer({ min: 0, max: 9 });
  const ticks = fc.integer({ min: 1, max: 30 });
  const command = fc.oneof(
    fc.record({ kind: fc.constant("set" as const), key, ticks }),
    fc.record({ kind: fc.constant("move" as const), key, ticks }),
    fc.record({ kind: fc.constant("remove" as const), key, ticks }),
    fc.record({ kind: fc.constant("elapse" as const), key, ticks }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 12 }),
      fc.array(command, { maxLength: 60 }),
      async (slots, commands) => {
        const { clock, fired, wheel } = recorder<number>({ slots });
        using _ = wheel;
        const due = new Map<number, number>();
        const expected: [number, number][] = [];
        const elapse = async (ticks: number) => {
          const until = clock.now() / TICK + ticks;
          for (const [key, at] of due) {
            if (at > until) continue;
            expected.push([key, at]);
            due.delete(key);
          }
          await clock.advance(ticks * TICK);
        };
        for (const { kind, key, ticks } of commands) {
          const now = clock.now() / TICK;
          if (kind === "set") {
            wheel.set(key, 0, ticks * TICK);
            due.set(key, now + ticks);
          } else if (kind === "move") {
            assertEquals(wheel.move(key, ticks * TICK), due.has(key));
            if (due.has(key)) due.set(key, now + ticks);
          } else if (kind === "remove") {
            assertEquals(wheel.remove(key), due.delete(key));
          } else {
            await elapse(ticks);
          }
        }
        await elapse(40);
        const byKeyAndTime = (a: number[], b: number[]) => a[1]! - b[1]! || a[0]! - b[0]!;
        const got = fired.map(([key, , tick]): [number, number] => [key, tick]);
        assertEquals(got.toSorted(byKeyAndTime), expected.toSorted(byKeyAndTime));
        assertEquals(got, got.toSorted((a, b) => a[1] - b[1]));
      },
    ),
    { seed, numRuns: 40 },
  );
});
