import { assertEquals, assertThrows } from "@std/assert";
import fc from "npm:fast-check@^3";
import { FakeClock } from "../testing/fake_clock.ts";
import { RollingWindow } from "./rolling_window.ts";
import { SumBucket } from "./sum_bucket.ts";

/** `|` lets one interval pass, a number after `+` lets so many ms pass, others are added. */
type Step = "|" | `+${number}` | number;

interface Row {
  readonly name: string;
  readonly size?: number;
  readonly bucketMs?: number;
  readonly ignoreCurrent?: boolean;
  readonly steps: readonly Step[];
  readonly sums: readonly number[];
}

const tenIntervals: Step[] = Array.from({ length: 10 }, () => "|");
const rows: readonly Row[] = [
  { name: "starts empty", steps: [], sums: [0, 0, 0] },
  { name: "puts the newest last", steps: [1], sums: [0, 0, 1] },
  { name: "moves to the next bucket", steps: [1, "|", 2, 3], sums: [0, 1, 5] },
  { name: "fills every bucket", steps: [1, "|", 2, 3, "|", 4, 5, 6], sums: [1, 5, 15] },
  { name: "drops the oldest", steps: [1, "|", 2, 3, "|", 4, 5, 6, "|", 7], sums: [5, 15, 7] },
  { name: "leaves out the current", ignoreCurrent: true, steps: [1, "|"], sums: [0, 1] },
  { name: "leaves out a filled current", ignoreCurrent: true, steps: [1, "|", 9], sums: [0, 1] },
  { name: "leaves out two elapsed", ignoreCurrent: true, steps: [1, "|", "|"], sums: [1] },
  { name: "leaves out all elapsed", ignoreCurrent: true, steps: [1, "|", "|", "|"], sums: [] },
  { name: "is empty after a pause", ignoreCurrent: true, steps: [1, ...tenIntervals], sums: [] },
  { name: "is empty after an hour", steps: [1, "|", 2, "+3600000"], sums: [] },
  { name: "starts afresh after an hour", steps: [1, "|", 2, "+3600000", 3], sums: [0, 0, 3] },
  { name: "keeps its alignment, 1", bucketMs: 30, steps: [1, "+45", 2, 3], sums: [0, 1, 5] },
  {
    name: "keeps its alignment, 2",
    bucketMs: 30,
    steps: [1, "+45", 2, 3, "+20", 4, 5, 6],
    sums: [1, 5, 15],
  },
  {
    name: "resets every elapsed bucket",
    bucketMs: 30,
    steps: [1, "+45", 2, 3, "+20", 4, 5, 6, "+100", 7, 8, 9],
    sums: [0, 0, 24],
  },
];

function runSteps(row: Row): number[] {
  const { size = 3, bucketMs = 50, ignoreCurrent = false } = row;
  const clock = new FakeClock();
  const window = new RollingWindow({
    buckets: size,
    bucketMs,
    create: () => new SumBucket(),
    ignoreCurrent,
    clock,
  });
  for (const step of row.steps) {
    if (step === "|") clock.elapse(bucketMs);
    else if (typeof step === "string") clock.elapse(Number(step));
    else window.current().add(step);
  }
  const sums: number[] = [];
  window.forEach((bucket) => sums.push(bucket.sum));
  return sums;
}

for (const row of rows) {
  Deno.test(`RollingWindow ${row.name}`, () => assertEquals(runSteps(row), row.sums));
}

for (
  const { ignoreCurrent, total } of [{ ignoreCurrent: false, total: 10 }, {
    ignoreCurrent: true,
    total: 4,
  }]
) {
  Deno.test(`RollingWindow sums four steps, ignoreCurrent ${ignoreCurrent}`, () => {
    const steps: Step[] = [];
    for (let x = 0; x < 4; x++) {
      if (x > 0) steps.push("|");
      for (let value = 0; value <= x; value++) steps.push(value);
    }
    const sums = runSteps({ name: "", size: 4, steps, sums: [], ignoreCurrent });
    assertEquals(sums.reduce((a, b) => a + b, 0), total);
  });
}

const wrong = [
  { options: { buckets: 0, bucketMs: 1 }, message: "buckets >= 1, got 0" },
  { options: { buckets: 1.5, bucketMs: 1 }, message: "buckets >= 1, got 1.5" },
  { options: { buckets: NaN, bucketMs: 1 }, message: "buckets >= 1, got NaN" },
  { options: { buckets: 1, bucketMs: 0 }, message: "bucketMs > 0, got 0" },
  { options: { buckets: 1, bucketMs: Infinity }, message: "bucketMs > 0, got Infinity" },
];
for (const { options, message } of wrong) {
  Deno.test(`RollingWindow refuses ${JSON.stringify(options)}: ${message}`, () => {
    const make = () => new RollingWindow({ ...options, create: () => new SumBucket() });
    assertThrows(make, RangeError, message);
  });
}

Deno.test("RollingWindow does not care about the wall clock", () => {
  const clock = new FakeClock();
  const window = new RollingWindow({
    buckets: 3,
    bucketMs: 50,
    create: () => new SumBucket(),
    clock,
  });
  window.current().add(1);
  clock.jumpWallTime(-3_600_000);
  window.current().add(1);
  clock.jumpWallTime(7_200_000);
  assertEquals(window.current().sum, 2);
});

Deno.test("RollingWindow empties itself when time runs backwards, and goes on", () => {
  let nowMs = 10_000;
  const clock = Object.assign(new FakeClock(), { now: () => nowMs });
  const window = new RollingWindow({
    buckets: 3,
    bucketMs: 50,
    create: () => new SumBucket(),
    clock,
  });
  window.current().add(1);
  nowMs = 125;
  window.current().add(2);
  nowMs = 130;
  window.current().add(3);
  const sums: number[] = [];
  window.forEach((bucket) => sums.push(bucket.sum));
  assertEquals(sums, [0, 0, 5]);
});

Deno.test("RollingWindow.onExpire() that throws leaves the window whole", () => {
  const clock = new FakeClock();
  let thrown = 0;
  const window = new RollingWindow({
    buckets: 3,
    bucketMs: 50,
    create: () => new SumBucket(),
    onExpire: () => {
      if (thrown++ === 0) throw new Error("from the callback");
    },
    clock,
  });
  window.current().add(1);
  clock.elapse(150);
  assertThrows(() => window.current(), Error, "from the callback");
  window.current().add(2);
  const sums: number[] = [];
  window.forEach((bucket) => sums.push(bucket.sum));
  assertEquals(sums, [0, 0, 2]);
  assertEquals(thrown, 3);
});

Deno.test("RollingWindow.clear() empties every bucket and reports each", () => {
  const clock = new FakeClock();
  const expired: number[] = [];
  const window = new RollingWindow({
    buckets: 3,
    bucketMs: 50,
    create: () => new SumBucket(),
    onExpire: (bucket) => expired.push(bucket.sum),
    clock,
  });
  window.current().add(4);
  clock.elapse(70);
  window.current().add(6);
  window.clear();
  clock.elapse(49);
  assertEquals(window.current().sum, 0);
  assertEquals(expired.toSorted(), [0, 0, 4, 6]);
});

/** A window that remembers everything and looks back. */
class NaiveWindow {
  readonly #events: { slot: number; value: number }[] = [];
  constructor(readonly size: number, readonly bucketMs: number) {}

  add(nowMs: number, value: number): void {
    this.#events.push({ slot: Math.floor(nowMs / this.bucketMs), value });
  }

  sum(nowMs: number, ignoreCurrent: boolean): number {
    const now = Math.floor(nowMs / this.bucketMs);
    let sum = 0;
    for (const { slot, value } of this.#events) {
      if (slot > now - this.size && !(ignoreCurrent && slot === now)) sum += value;
    }
    return sum;
  }
}

Deno.test("RollingWindow agrees with a window that remembers everything", () => {
  const seed = Date.now() | 0;
  console.log(`seed ${seed}`);
  const command = fc.record({
    waitMs: fc.integer({ min: 0, max: 400 }),
    value: fc.integer({ min: 1, max: 99 }),
  });
  const property = fc.property(
    fc.integer({ min: 1, max: 8 }),
    fc.integer({ min: 1, max: 100 }),
    fc.boolean(),
    fc.array(command, { maxLength: 60 }),
    (size, bucketMs, ignoreCurrent, commands) => {
      const clock = new FakeClock();
      const naive = new NaiveWindow(size, bucketMs);
      let running = 0;
      const window = new RollingWindow({
        buckets: size,
        bucketMs,
        create: () => new SumBucket(),
        ignoreCurrent,
        onExpire: (bucket) => running -= bucket.sum,
        clock,
      });
      for (const { waitMs, value } of commands) {
        clock.elapse(waitMs);
        let sum = 0;
        window.forEach((bucket) => sum += bucket.sum);
        assertEquals(sum, naive.sum(clock.now(), ignoreCurrent));
        window.current().add(value);
        running += value;
        naive.add(clock.now(), value);
        assertEquals(running, naive.sum(clock.now(), false));
      }
    },
  );
  fc.assert(property, { seed, numRuns: 300 });
});
