import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  firstCodePoints,
  joinNonEmpty,
  lowerFirst,
  removeCodePoints,
  reverseCodePoints,
  sliceCodePoints,
} from "./code_points.ts";
import { randomId, randomString } from "./random_string.ts";

const firsts = [
  ["anything that we use", 8, undefined, "anything"],
  ["anything that we use", 8, "...", "anything..."],
  ["anything that we use", 20, "...", "anything that we use"],
  ["anything that we use", 80, "...", "anything that we use"],
  ["我是中国人", 2, undefined, "我是"],
  ["我是中国人", 10, undefined, "我是中国人"],
  ["我是中国人", -1, "...", ""],
  ["😀😀😀", 2, "…", "😀😀…"],
  ["abc", NaN, "...", ""],
] as const;
for (const [text, count, ellipsis, expected] of firsts) {
  Deno.test(`firstCodePoints() of "${text}", ${count}, ${ellipsis}`, () => {
    assertEquals(firstCodePoints(text, count, ellipsis), expected);
  });
}

const slices = [
  ["abcdefg", 1, 4, "bcd"],
  ["我爱中国3000遍，even more", 1, 9, "爱中国3000遍"],
  ["😀a😀", 2, 3, "😀"],
  ["abc", 3, 3, ""],
] as const;
for (const [text, start, stop, expected] of slices) {
  Deno.test(`sliceCodePoints() of "${text}", ${start} to ${stop}`, () => {
    assertEquals(sliceCodePoints(text, start, stop), expected);
  });
}
const badSlices = [
  ["abcdefg", -1, 4, "need start from 0 to 7, got -1"],
  ["abcdefg", 100, 4, "need start from 0 to 7, got 100"],
  ["abcdefg", 1, -1, "need stop from 1 to 7, got -1"],
  ["abcdefg", 1, 100, "need stop from 1 to 7, got 100"],
  ["hello", 3, 2, "need stop from 3 to 5, got 2"],
  ["hello", 0.5, 2, "need start from 0 to 5, got 0.5"],
] as const;
for (const [text, start, stop, message] of badSlices) {
  Deno.test(`sliceCodePoints() refuses ${start} to ${stop} of "${text}"`, () => {
    assertThrows(() => sliceCodePoints(text, start, stop), RangeError, message);
  });
}

for (const [text, expected] of [["我爱中国", "国中爱我"], ["ab😀", "😀ba"], ["", ""]] as const) {
  Deno.test(`reverseCodePoints() of "${text}"`, () =>
    assertEquals(reverseCodePoints(text), expected));
}

Deno.test("removeCodePoints() removes what it is told to", () => {
  const isRemoved = (character: string) =>
    character === "," || character === " " || character === "😀";
  assertEquals(removeCodePoints("ab, cd,ef😀", isRemoved), "abcdef");
});

const lowered = [
  ["Hello_world", "hello_world"],
  ["HelloWorld", "helloWorld"],
  ["Hello World", "hello World"],
  ["", ""],
  ["Éa", "éa"],
  ["中国", "中国"],
  ["𐐀A", "𐐨A"],
] as const;
for (const [text, expected] of lowered) {
  Deno.test(`lowerFirst() of "${text}"`, () => assertEquals(lowerFirst(text), expected));
}

for (
  const { parts, expected } of [
    { parts: ["012", "abc"], expected: "012.abc" },
    { parts: ["abc", ""], expected: "abc" },
    { parts: ["", ""], expected: "" },
    { parts: [], expected: "" },
  ]
) {
  Deno.test(`joinNonEmpty() of ${JSON.stringify(parts)}`, () => {
    assertEquals(joinNonEmpty(".", ...parts), expected);
  });
}

Deno.test("randomString() draws each character from 62", () => {
  assertEquals(randomString(3, { random: () => 0.999999 }), "999");
  assertEquals(randomString(0), "");
  assertEquals(randomString().length, 8);
  let i = 0;
  const all = randomString(62, { random: () => i++ / 62 });
  assertEquals(new Set(all).size, 62);
  assert(/^[a-zA-Z0-9]{62}$/.test(all));
  for (const length of [-1, 1.5, NaN]) {
    assertThrows(() => randomString(length), RangeError, `length >= 0, got ${length}`);
  }
});

Deno.test("randomId() is sixteen hexadecimal digits, never the same", () => {
  const ids = Array.from({ length: 1000 }, randomId);
  assert(ids.every((id) => /^[0-9a-f]{16}$/.test(id)));
  assertEquals(new Set(ids).size, 1000);
});
