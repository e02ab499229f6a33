import { assertEquals, assertThrows } from "@std/assert";
import { formatDuration, parseDuration } from "./duration.ts";

const cases: readonly (readonly [text: string, durationMs: number])[] = [
  ["1h30m", 5_400_000],
  ["1.5s", 1_500],
  ["100ms", 100],
  ["1m30s", 90_000],
  ["100us", 0.1],
  ["100µs", 0.1],
  ["100μs", 0.1],
  ["1ns", 1e-6],
  ["-2s", -2_000],
  ["+2s", 2_000],
  [".5s", 500],
  ["0", 0],
  ["2540400h10m10s", 9_145_440_610_000],
];
for (const [text, durationMs] of cases) {
  Deno.test(`parseDuration() reads ${text}`, () => assertEquals(parseDuration(text), durationMs));
}

const wrong: readonly (readonly [text: string, message: string])[] = [
  ["", 'invalid duration ""'],
  ["-", 'invalid duration "-"'],
  ["abc", 'invalid duration "abc"'],
  ["5", 'missing unit in duration "5"'],
  ["5x", 'unknown unit "x" in duration "5x"'],
  ["5constructor", 'unknown unit "constructor"'],
  [".s", 'invalid duration ".s"'],
  ["1s2", 'missing unit in duration "1s2"'],
  ["9999999h", 'invalid duration "9999999h"'],
  ["1s ", 'unknown unit "s "'],
  ["1s".repeat(100), "invalid duration"],
];
for (const [text, message] of wrong) {
  Deno.test(`parseDuration() refuses ${JSON.stringify(text.slice(0, 20))}`, () => {
    assertThrows(() => parseDuration(text), SyntaxError, message);
  });
}

for (
  const durationMs of [
    0,
    1,
    100,
    999.5,
    1_000,
    61_000,
    90_500,
    3_600_000,
    3_661_001,
    -1_500,
    0.1,
    1e-6,
  ]
) {
  Deno.test(`parseDuration() reads back formatDuration(${durationMs})`, () => {
    assertEquals(parseDuration(formatDuration(durationMs)), durationMs);
  });
}

Deno.test("formatDuration() refuses what is no span", () => {
  assertThrows(() => formatDuration(NaN), RangeError);
});
