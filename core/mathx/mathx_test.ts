import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "npm:fast-check@^3";
import { happens, Jitter } from "./chance.ts";
import { clamp } from "./clamp.ts";
import { evenness } from "./evenness.ts";

const spreads: readonly (readonly [string, number[], number])[] = [
  ["two equal", [1, 1], 1],
  ["one and three", [1, 3], 0.8112781244591328],
  ["one to four", [1, 2, 3, 4], 0.9232196723355077],
  ["a thousand equal", Array.from({ length: 1000 }, () => 7), 1],
  ["0 to 999", Array.from({ length: 1000 }, (_, i) => i), 0.9719684604456681],
  ["none and all", [0, 10], 1.9931568569324e-5],
  ["a single one", [5], 1],
  ["nothing", [], 1],
  ["zeros", [0, 0, 0], 1],
];
for (const [name, counts, expected] of spreads) {
  Deno.test(`evenness() of ${name}`, () => {
    assertAlmostEquals(evenness(counts), expected, Math.max(1e-9 * expected, 1e-18));
  });
}
for (const count of [-1, NaN, Infinity]) {
  Deno.test(`evenness() refuses ${count}`, () => {
    assertThrows(() => evenness([1, count]), RangeError, `counts >= 0, got ${count}`);
  });
}

const clamps = [
  [10, 5, Infinity, 10],
  [3, 5, Infinity, 5],
  [5, 5, Infinity, 5],
  [10, -Infinity, 5, 5],
  [3, -Infinity, 5, 3],
  [10, 5, 15, 10],
  [3, 5, 15, 5],
  [20, 5, 15, 15],
  [NaN, 5, 15, NaN],
] as const;
for (const [value, least, most, expected] of clamps) {
  Deno.test(`clamp() of ${value} to ${least}..${most}`, () => {
    assertEquals(clamp(value, least, most), expected);
  });
}
for (const [least, most] of [[2, 1], [NaN, 1], [1, NaN]] as const) {
  Deno.test(`clamp() refuses ${least}..${most}`, () => {
    assertThrows(() => clamp(1, least, most), RangeError, `got ${least} and ${most}`);
  });
}

const chances = [
  { probability: 0, random: 0, expected: false },
  { probability: -1, random: 0, expected: false },
  { probability: 1, random: 0.999, expected: true },
  { probability: 0.5, random: 0.499, expected: true },
  { probability: 0.5, random: 0.5, expected: false },
];
for (const { probability, random, expected } of chances) {
  Deno.test(`happens() with ${probability} and chance ${random} is ${expected}`, () => {
    assertEquals(happens(probability, { random: () => random }), expected);
  });
}

const jitters = [
  { deviation: 0.05, random: 0, expected: 10_500 },
  { deviation: 0.05, random: 0.5, expected: 10_000 },
  { deviation: 0.05, random: 0.9999999, expected: 9_500 },
  { deviation: 5, random: 0, expected: 20_000 },
  { deviation: 5, random: 0.99999999, expected: 0 },
  { deviation: -0.05, random: 0, expected: 10_000 },
  { deviation: -0.05, random: 0.9, expected: 10_000 },
];
for (const { deviation, random, expected } of jitters) {
  Deno.test(`Jitter of ${deviation} with chance ${random}`, () => {
    assertEquals(new Jitter(deviation, { random: () => random }).around(10_000), expected);
  });
}

Deno.test("Jitter and happens() refuse NaN", () => {
  assertThrows(() => new Jitter(NaN), RangeError, "need a deviation");
  assertThrows(() => happens(NaN), RangeError, "need a probability");
});

Deno.test("Jitter stays within its deviation", () => {
  const seed = Date.now() | 0;
  console.log(`seed ${seed}`);
  const unit = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
  fc.assert(
    fc.property(unit, unit, fc.integer({ min: 0, max: 1e9 }), (deviation, random, base) => {
      const value = new Jitter(deviation, { random: () => random }).around(base);
      const slack = 1 + base * 1e-9;
      assertEquals(Math.abs(value - base) <= deviation * base + slack, true);
    }),
    { seed },
  );
});
