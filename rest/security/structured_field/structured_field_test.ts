import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseDictionary, parseItem, parseList } from "./parse.ts";
import {
  serializeBareItem,
  serializeDictionary,
  serializeItem,
  serializeList,
} from "./serialize.ts";
import {
  type BareItem,
  Decimal,
  DisplayString,
  FieldDate,
  isInnerList,
  type Member,
  Token,
} from "./types.ts";

/** An item as it comes, and as it is written; `undefined` if it is malformed. */
const items: [text: string, written: string | undefined][] = [
  ["42", "42"],
  ["-0", "0"],
  ["00", "0"],
  ["  7  ", "7"],
  ["999999999999999", "999999999999999"],
  ["1000000000000000", undefined],
  ["1.0", "1.0"],
  ["-0.50", "-0.5"],
  ["123456789012.123", "123456789012.123"],
  ["1234567890123.1", undefined],
  ["1.1234", undefined],
  ["1.", undefined],
  [".1", undefined],
  ["--1", undefined],
  ["1e3", undefined],
  ["+1", undefined],
  ['"a \\"b\\" \\\\"', '"a \\"b\\" \\\\"'],
  ['"é"', undefined],
  ['"a\\x"', undefined],
  ['"a', undefined],
  ["'a'", undefined],
  ["foo123/456:*", "foo123/456:*"],
  ["*a", "*a"],
  ["a b", undefined],
  [":aGVsbG8=:", ":aGVsbG8=:"],
  ["::", "::"],
  [":aGVsbG8:", ":aGVsbG8=:"],
  [":aGV$:", undefined],
  [":aGVsbG8=", undefined],
  ["?1", "?1"],
  ["?0", "?0"],
  ["?2", undefined],
  ["@1659578233", "@1659578233"],
  ["@1.5", undefined],
  ['%"f%c3%bc"', '%"f%c3%bc"'],
  ['%"%C3%BC"', undefined],
  ['%"%ff"', undefined],
  ["a;b;c=1;b=2", "a;b=2;c=1"],
  ["a ; b", undefined],
  ["a; b=?0", "a;b=?0"],
  ["a;B=1", undefined],
  ["a;", undefined],
  ["", undefined],
  ["\t1", undefined],
  ["1\t", undefined],
];

for (const [text, written] of items) {
  Deno.test(`parseItem() ${written === undefined ? "refuses" : "reads"} ${text}`, () => {
    if (written === undefined) {
      assertThrows(() => parseItem(text), SyntaxError, "Cannot read structured field");
    } else assertEquals(serializeItem(parseItem(text)), written);
  });
}

const lists: [text: string, written: string | undefined][] = [
  ["", ""],
  ["a,b , \t c", "a, b, c"],
  ['("a"  "b";x );y=1, ()', '("a" "b";x);y=1, ()'],
  ["a,", undefined],
  [",a", undefined],
  ["a,,b", undefined],
  ["a b", undefined],
  ["(a", undefined],
  ["(a,b)", undefined],
  ["(ab)c", undefined],
  ["((a))", undefined],
  ["(a\tb)", undefined],
  ['("a""b")', undefined],
];

for (const [text, written] of lists) {
  Deno.test(`parseList() ${written === undefined ? "refuses" : "reads"} ${JSON.stringify(text)}`, () => {
    if (written === undefined) assertThrows(() => parseList(text), SyntaxError);
    else assertEquals(serializeList(parseList(text)), written);
  });
}

const dictionaries: [text: string, written: string | undefined][] = [
  ["", ""],
  ['en="Applepie", da=:w4ZibGV0w6ZydGU=:', 'en="Applepie", da=:w4ZibGV0w6ZydGU=:'],
  ["a=?0, b, c; foo=bar", "a=?0, b, c;foo=bar"],
  ["a=1,b=2,a=3", "a=3, b=2"],
  ["a=(1 2);x, b=?1", "a=(1 2);x, b"],
  ["a=1,,b", undefined],
  ["a=", undefined],
  ["a =1", undefined],
  ["A=1", undefined],
  ["1=a", undefined],
  ["__proto__=1", undefined],
];

for (const [text, written] of dictionaries) {
  Deno.test(`parseDictionary() ${written === undefined ? "refuses" : "reads"} ${text}`, () => {
    if (written === undefined) assertThrows(() => parseDictionary(text), SyntaxError);
    else assertEquals(serializeDictionary(parseDictionary(text)), written);
  });
}

Deno.test("parseItem() tells kinds of values apart", () => {
  const values = ["1", "1.0", '"a"', "a", ":YQ==:", "?1", "@1", '%"a"'].map((it) =>
    parseItem(it).value
  );
  assertEquals(values, [
    1,
    new Decimal(1),
    "a",
    new Token("a"),
    new Uint8Array([97]),
    true,
    new FieldDate(1),
    new DisplayString("a"),
  ]);
});

const unfit: [what: string, value: Parameters<typeof serializeBareItem>[0]][] = [
  ["a text with a line break", "a\nb"],
  ["a text that is not ASCII", "é"],
  ["a number that is none", NaN],
  ["a number with a fraction", 1.5],
  ["a number that is too large", 1e15],
  ["a decimal that is too large", new Decimal(1e12)],
  ["a decimal that is none", new Decimal(NaN)],
  ["a token with a space", new Token("a b")],
  ["an empty token", new Token("")],
  ["half a character", new DisplayString("\ud800")],
];

for (const [what, value] of unfit) {
  Deno.test(`serializeBareItem() refuses ${what}`, () => {
    assertThrows(() => serializeBareItem(value), SyntaxError, "Cannot write structured field");
  });
}

const decimals: [value: number, text: string][] = [
  [0.0005, "0.0"],
  [0.0015, "0.002"],
  [-0.0015, "-0.002"],
  [1.9999, "2.0"],
  [-0.0001, "0.0"],
  [100, "100.0"],
];

for (const [value, text] of decimals) {
  Deno.test(`serializeBareItem() rounds ${value} to ${text}`, () => {
    assertEquals(serializeBareItem(new Decimal(value)), text);
  });
}

Deno.test("parseDictionary() reads what serializeDictionary() writes, and takes any text, in time", () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  console.log(`seed ${seed}`);
  let state = seed;
  const next = (n: number) => (state = (state * 1664525 + 1013904223) >>> 0) % n;
  const pick = <T>(...of: T[]) => of[next(of.length)]!;
  const text = (length: number, chars: string) =>
    Array.from({ length }, () => chars[next(chars.length)]).join("");
  const bare = () =>
    pick<() => BareItem>(
      () => next(2 ** 31) - 2 ** 30,
      () => new Decimal(Math.round((next(1e6) - 5e5) / 3) / 1000),
      () => text(next(9), ' "\\az~;,()='),
      () => new Token(`t${text(next(5), "az0:/*")}`),
      () => crypto.getRandomValues(new Uint8Array(next(9))),
      () => next(2) === 0,
      () => new DisplayString(text(next(5), 'aü%"漢')),
    )();
  const parameters = () =>
    new Map(Array.from({ length: next(3) }, () => [`p${text(next(3), "ab-_.*")}`, bare()]));
  const item = () => ({ value: bare(), parameters: parameters() });
  const member = (): Member =>
    next(4) > 0
      ? item()
      : { items: Array.from({ length: next(4) }, item), parameters: parameters() };
  for (let i = 0; i < 3_000; i++) {
    const members = new Map(Array.from({ length: next(5) }, () => [text(1, "abc"), member()]));
    const written = serializeDictionary(members);
    assertEquals(serializeDictionary(parseDictionary(written)), written);
    assertEquals(
      [...parseDictionary(written).values()].map(isInnerList),
      [...members.values()].map(isInnerList),
    );
    const at = next(written.length + 1);
    const altered = written.slice(0, at) + text(1, '"(;,=:?@% \\a1\t\0é') +
      written.slice(at + next(2));
    try {
      parseDictionary(altered);
    } catch (error) {
      assert(error instanceof SyntaxError, altered);
      assert(error.message.length < 100);
    }
  }
  const started = performance.now();
  for (const bad of ["(", '"', "\\", " ", "a;", "a,", "((a)", ":a", '%"', "a=(", "1"]) {
    for (const parse of [parseDictionary, parseList, parseItem]) {
      try {
        parse(bad.repeat(60_000 / bad.length));
      } catch (error) {
        assert(error instanceof SyntaxError);
      }
    }
  }
  assert(performance.now() - started < 1_500);
  assertThrows(() => parseList("a".repeat(65_537)), SyntaxError, "longer than");
});
