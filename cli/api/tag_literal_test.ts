import { assertEquals } from "@std/assert";
import { parseDuration } from "./duration.ts";
import { isInRange, isLiteral, parseRange } from "./tag_literal.ts";

const literals: [base: string, text: string, ok: boolean][] = [
  ["int", "1", true],
  ["int", "-1", true],
  ["int", "1.0", false],
  ["int", "1e3", false],
  ["int", "", false],
  ["int", "9223372036854775807", true],
  ["int", "9223372036854775808", false],
  ["int8", "-129", false],
  ["uint8", "256", false],
  ["byte", "255", true],
  ["uint", "-1", false],
  ["float64", "1e3", true],
  ["float64", ".5", true],
  ["float64", "NaN", false],
  ["bool", "true", true],
  ["bool", "yes", false],
  ["string", "anything", true],
  ["toString", "x", true],
];

for (const [base, text, ok] of literals) {
  Deno.test(`isLiteral() ${ok ? "takes" : "refuses"} "${text}" as ${base}`, () => {
    assertEquals(isLiteral(base, text), ok);
  });
}

const ranges: [text: string, inside: number[], outside: number[]][] = [
  ["[0:150]", [0, 1, 150], [-1, 151]],
  ["(0:1)", [0.5], [0, 1]],
  ["[:5)", [-9, 4], [5]],
  ["( -1 : ]", [0, 1e9], [-1]],
  ["[3:3]", [3], [2, 4]],
];

for (const [text, inside, outside] of ranges) {
  Deno.test(`parseRange() reads ${text}`, () => {
    const range = parseRange(text);
    assertEquals(inside.map((value) => range && isInRange(value, range)), inside.map(() => true));
    assertEquals(
      outside.map((value) => range && isInRange(value, range)),
      outside.map(() => false),
    );
  });
}

for (
  const text of ["", "0:1", "[0]", "[:]", "[2:1]", "(1:1]", "[a:1]", "[1:2:3]", "[1:2", "{1:2}"]
) {
  Deno.test(`parseRange() refuses "${text}"`, () => assertEquals(parseRange(text), undefined));
}

const durations: [text: string, ms: number | undefined][] = [
  ["0", 0],
  ["3s", 3000],
  ["1h10m10s10ms", 4_210_010],
  ["1.5s", 1500],
  ["10\u00b5s", 0.01],
  ["10us", 0.01],
  ["3", undefined],
  ["", undefined],
  ["abc", undefined],
  ["-1s", undefined],
  ["1s ", undefined],
  ["2562047h", 2562047 * 3_600_000],
  ["2562048h", undefined],
];

for (const [text, ms] of durations) {
  Deno.test(`parseDuration() reads "${text}" as ${ms}`, () =>
    assertEquals(parseDuration(text), ms));
}
