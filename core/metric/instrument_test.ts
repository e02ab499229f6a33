import { assertEquals, assertThrows } from "@std/assert";
import { Counter } from "./counter.ts";
import { Gauge } from "./gauge.ts";
import { checkBuckets, Histogram } from "./histogram.ts";

const sums: [name: string, by: (number | undefined)[], value: number][] = [
  ["begins at zero", [], 0],
  ["counts two", [undefined, undefined], 2],
  ["adds 11 and 22", [11, 22], 33],
  ["adds fractions and nothing", [0.5, 0], 0.5],
];

for (const [name, by, value] of sums) {
  Deno.test(`Counter ${name}`, () => {
    const counter = new Counter();
    for (const step of by) counter.inc(step);
    assertEquals(counter.value, value);
  });
}

for (const by of [-1, NaN, Infinity, -0.0001]) {
  Deno.test(`Counter.inc() refuses ${by} and stays as it is`, () => {
    const counter = new Counter();
    assertThrows(() => counter.inc(by), RangeError, `got ${by}`);
    assertEquals(counter.value, 0);
  });
}

const moves: [name: string, move: (gauge: Gauge) => void, value: number][] = [
  ["adds -10 and 30", (gauge) => (gauge.add(-10), gauge.add(30)), 20],
  ["takes away -100 and 30", (gauge) => (gauge.sub(-100), gauge.sub(30)), 70],
  ["counts up and down", (gauge) => (gauge.inc(), gauge.inc(), gauge.dec()), 1],
  ["is set", (gauge) => (gauge.inc(), gauge.set(666)), 666],
  ["can be infinite", (gauge) => gauge.set(-Infinity), -Infinity],
];

for (const [name, move, value] of moves) {
  Deno.test(`Gauge ${name}`, () => {
    const gauge = new Gauge();
    move(gauge);
    assertEquals(gauge.value, value);
  });
}

const observations: [values: number[], counts: number[], sum: number][] = [
  [[], [0, 0, 0, 0], 0],
  [[2, 1.1], [0, 2, 0, 0], 3.1],
  [[1, 2, 3], [1, 1, 1, 0], 6],
  [[3.0001, Infinity], [0, 0, 0, 2], Infinity],
  [[-5, -Infinity], [2, 0, 0, 0], -Infinity],
];

for (const [values, counts, sum] of observations) {
  Deno.test(`Histogram of buckets 1, 2, 3 observes ${JSON.stringify(values)}`, () => {
    const histogram = new Histogram([1, 2, 3]);
    for (const value of values) histogram.observe(value);
    assertEquals(histogram.read(), { counts, sum });
  });
}

Deno.test("Histogram.observe() refuses NaN and stays as it is", () => {
  const histogram = new Histogram([1]);
  assertThrows(() => histogram.observe(NaN), RangeError, "NaN");
  assertEquals(histogram.read(), { counts: [0, 0], sum: 0 });
});

Deno.test("Histogram.read() answers a copy", () => {
  const histogram = new Histogram([1]);
  const before = histogram.read();
  histogram.observe(0);
  assertEquals(before.counts, [0, 0]);
});

Deno.test("checkBuckets() drops the last bound if it is infinite", () => {
  assertEquals(checkBuckets("m", [1, 2, Infinity]), [1, 2]);
  assertEquals(checkBuckets("m", []), []);
});

for (const buckets of [[2, 1], [1, 1], [NaN], [-Infinity], [1, Infinity, 2]]) {
  Deno.test(`checkBuckets() refuses ${buckets}`, () => {
    assertThrows(() => checkBuckets("lag", buckets), RangeError, `histogram "lag"`);
  });
}
