import { assertEquals, assertThrows } from "@std/assert";
import { inRange, parseRange } from "./range.ts";

const cases: readonly { text: string; inside: number[]; outside: number[] }[] = [
  { text: "[1:5]", inside: [1, 3, 5], outside: [0.9, 5.1] },
  { text: "(1:5]", inside: [1.1, 5], outside: [1] },
  { text: "[1:5)", inside: [1, 4.9], outside: [5] },
  { text: "(1:5)", inside: [3], outside: [1, 5] },
  { text: "[1:]", inside: [1, 1e300], outside: [0] },
  { text: "[:5]", inside: [-1e300, 5], outside: [6] },
  { text: "[2:2]", inside: [2], outside: [1, 3] },
  { text: "[-1.5: 2e3]", inside: [-1.5, 2_000], outside: [-2, NaN] },
];
for (const { text, inside, outside } of cases) {
  Deno.test(`inRange() holds to ${text}`, () => {
    const range = parseRange(text);
    assertEquals(inside.map((value) => inRange(range, value)), inside.map(() => true));
    assertEquals(outside.map((value) => inRange(range, value)), outside.map(() => false));
  });
}

const wrong = [
  "",
  "[",
  "[:",
  "[:]",
  "{:]",
  "[:}",
  "[]",
  "[a:]",
  "[:a]",
  "[1,2]",
  "[1:2:3]",
  "[3:1]",
];
for (const text of [...wrong, "(3:1]", "[2:2)", "(2:2]", "(2:2)"]) {
  Deno.test(`parseRange() refuses ${JSON.stringify(text)}`, () => {
    assertThrows(() => parseRange(text), SyntaxError, "Cannot parse range");
  });
}
