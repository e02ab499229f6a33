import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { systemClock } from "../clock.ts";
import { ValidationError } from "./errors.ts";
import { ExactNumber, isCanonicalNumber } from "./exact_number.ts";
import { parseJson } from "./json.ts";

for (const text of ["0", "1", "-1", "3.4", "0.000001", "123456789012345", "1.5", "-0.25"]) {
  Deno.test(`parseJson() reads ${text} as a number`, () => {
    assertEquals(parseJson(text), Number(text));
  });
}

const telling = [
  "1.0",
  "2.50",
  "1e3",
  "1E-2",
  "-0",
  "0.0000001",
  "9007199254740993",
  "1234567890123456789",
];
for (const text of telling) {
  Deno.test(`parseJson() keeps the digits of ${text}`, () => {
    const value = parseJson(`{"a":[${text}]}`) as { a: ExactNumber[] };
    assert(value.a[0] instanceof ExactNumber);
    assertEquals(value.a[0].text, text);
  });
}

const broken: readonly { text: string; message: string }[] = [
  { text: "", message: "unexpected end of text at line 1, column 1" },
  { text: '{"name":"a"', message: "unexpected end of text at line 1, column 12" },
  { text: '{"a":1}\n]', message: 'unexpected "]" at line 2, column 1' },
  { text: '{"a":01}', message: 'unexpected "1" at line 1, column 7' },
  { text: "[1,]", message: 'unexpected "]" at line 1, column 4' },
  { text: "{'a':1}", message: `unexpected "'" at line 1, column 2` },
  { text: '{"a":"\\x"}', message: "bad escape in string at line 1, column 6" },
  { text: '{"a":NaN}', message: 'unexpected "N" at line 1, column 6' },
  { text: '"a\nb"', message: 'unexpected "\\n" at line 1, column 3' },
  { text: "\ufeff{}", message: 'unexpected "\ufeff" at line 1, column 1' },
  { text: "tru", message: 'unexpected "t" at line 1, column 1' },
];
for (const { text, message } of broken) {
  Deno.test(`parseJson() refuses ${JSON.stringify(text)} and names the place`, () => {
    const error = assertThrows(() => parseJson(text), ValidationError, message);
    assertEquals(error.issues.map(({ in: part, code }) => [part, code]), [["json", "json"]]);
  });
}

Deno.test("parseJson() never repeats the text", () => {
  const error = assertThrows(() => parseJson('{"password":"hunter2",'), ValidationError);
  assertFalse(error.message.includes("hunter2"));
});

Deno.test("parseJson() answers too_deep past 64 levels, and does not crash at 200,000", () => {
  const nest = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  parseJson(nest(64));
  for (const levels of [65, 200_000]) {
    const error = assertThrows(() => parseJson(nest(levels)), ValidationError);
    assertEquals(error.issues[0]?.code, "too_deep");
    assertThrows(() => parseJson('{"a":'.repeat(levels)), ValidationError);
  }
  parseJson(nest(65), { maxDepth: 65 });
});

Deno.test("parseJson() does not count brackets in text as nesting", () => {
  assertEquals(parseJson(JSON.stringify("[".repeat(100))), "[".repeat(100));
  assertEquals(parseJson(JSON.stringify(['\\"[[', "1.0"])), ['\\"[[', "1.0"]);
});

for (const maxDepth of [0, 1_001, NaN]) {
  Deno.test(`parseJson() refuses maxDepth ${maxDepth}`, () => {
    assertThrows(() => parseJson("1", { maxDepth }), RangeError);
  });
}

Deno.test("parseJson() keeps __proto__ an ordinary key, on both paths", () => {
  for (const text of ['{"__proto__":{"x":1}}', '{"__proto__":{"x":1.0}}']) {
    const value = parseJson(text) as Record<string, unknown>;
    assertEquals(Object.keys(value), ["__proto__"]);
    assertEquals(Object.getPrototypeOf(value), Object.prototype);
  }
});

/** A small repeatable generator (mulberry32); the seed is printed when a test fails. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function randomNumber(next: () => number): string {
  const digits = (most: number) =>
    Array.from({ length: 1 + Math.floor(next() * most) }, () => Math.floor(next() * 10)).join("");
  let text = next() < 0.3 ? "-" : "";
  text += next() < 0.3 ? "0" : digits(20).replace(/^0+(?=.)/, "");
  if (next() < 0.5) text += `.${digits(20)}`;
  if (next() < 0.2) text += `e${next() < 0.5 ? "-" : ""}${digits(3)}`;
  return text;
}

Deno.test("parseJson() answers a number exactly when it says all that the text says", () => {
  const seed = systemClock.wallTime();
  const next = random(seed);
  for (let round = 0; round < 20_000; round++) {
    const text = randomNumber(next);
    const [value] = parseJson(`[${text}]`) as [unknown];
    const kept = value instanceof ExactNumber ? value.text : String(value);
    assertEquals(kept, text, `seed ${seed}`);
    assertEquals(value instanceof ExactNumber, !isCanonicalNumber(text), `${text}, seed ${seed}`);
  }
});

Deno.test("parseJson() agrees with JSON.parse on mutated texts", () => {
  const seed = systemClock.wallTime();
  const next = random(seed);
  const base = '{"a":[1,2.5,true,null,"x\\u0041\\n"],"b":{"c":-3,"d":[]}} ';
  const alphabet = '{}[]",:0123456789.eE+-\\truefalsn \n';
  for (let round = 0; round < 20_000; round++) {
    const chars = [...base];
    for (let change = 0; change <= next() * 3; change++) {
      chars[Math.floor(next() * chars.length)] = alphabet[Math.floor(next() * alphabet.length)]!;
    }
    const text = chars.join("");
    let expected: unknown;
    let valid = true;
    try {
      expected = JSON.parse(text);
    } catch {
      valid = false;
    }
    const message = `${text}, seed ${seed}`;
    if (valid) assertEquals(JSON.parse(JSON.stringify(parseJson(text))), expected, message);
    else assertThrows(() => parseJson(text), ValidationError, undefined, message);
  }
});
