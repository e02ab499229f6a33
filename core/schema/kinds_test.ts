/** Every kind of number at its bounds, from JSON, from text and as a JS value; and values that are any. */
import { assertEquals, assertNotStrictEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  any,
  array,
  bigint,
  boolean,
  bytes,
  custom,
  float32,
  float64,
  fromStandard,
  int16,
  int32,
  int64,
  int8,
  lazy,
  map,
  string,
  timestamp,
  uint,
  uint16,
  uint32,
  uint64,
  uint8,
} from "./builders.ts";
import { ValidationError } from "./errors.ts";
import { ExactNumber } from "./exact_number.ts";
import type { Field, Schema } from "./field.ts";
import { parseJson } from "./json.ts";
import { object, type ObjectSchema } from "./object.ts";

/** What a schema makes of a value: the value, or the codes of its issues. */
function read(schema: Schema<unknown>, input: unknown): unknown {
  const result = schema.safeParse(input);
  return result.ok ? result.value : result.issues.map(({ code }) => code).join();
}

const SAFE = Number.MAX_SAFE_INTEGER;
const bounds: Readonly<Record<string, [make: () => Field<number>, low: number, high: number]>> = {
  int8: [int8, -128, 127],
  int16: [int16, -32_768, 32_767],
  int32: [int32, -(2 ** 31), 2 ** 31 - 1],
  int64: [int64, -SAFE, SAFE],
  uint8: [uint8, 0, 255],
  uint16: [uint16, 0, 65_535],
  uint32: [uint32, 0, 2 ** 32 - 1],
  uint64: [uint64, 0, SAFE],
  uint: [uint, 0, SAFE],
};

for (const [kind, [make, low, high]] of Object.entries(bounds)) {
  Deno.test(`${kind}() reads ${low} to ${high} and nothing beyond, however it is written`, () => {
    const form = object({ it: make().in("form") });
    const ofForm = (text: string) => {
      try {
        return form.bind({ form: { getAll: () => [text] } }).it;
      } catch (error) {
        return (error as ValidationError).issues.map(({ code }) => code).join();
      }
    };
    for (const value of [low, high]) {
      assertEquals(read(make(), value), value);
      assertEquals(read(make(), BigInt(value)), value);
      assertEquals(read(make(), parseJson(String(value))), value);
      assertEquals(ofForm(String(value)), value);
    }
    assertEquals(ofForm(`+${high}`), high);
    for (const value of [BigInt(low) - 1n, BigInt(high) + 1n]) {
      assertEquals(read(make(), value), "int_range");
      assertEquals(read(make(), parseJson(String(value))), "int_range");
      assertEquals(ofForm(String(value)), "int_range");
    }
    for (const text of ["-", "+", "1.5", "1e3", "0x10", " 1", "１"]) {
      assertEquals(ofForm(text), "type", JSON.stringify(text));
    }
    assertEquals([read(make(), 0.5), read(make(), NaN), read(make(), [1])], [
      "type",
      "type",
      "type",
    ]);
  });
}

const numbers: readonly { schema: Schema<unknown>; input: unknown; value: unknown }[] = [
  { schema: bigint(), input: 7, value: 7n },
  { schema: bigint(), input: 7n, value: 7n },
  { schema: bigint(), input: parseJson("18446744073709551615"), value: 2n ** 64n - 1n },
  { schema: bigint(), input: parseJson("-9223372036854775808"), value: -(2n ** 63n) },
  { schema: bigint(), input: 2n ** 64n, value: "int_range" },
  { schema: bigint(), input: parseJson("-9223372036854775809"), value: "int_range" },
  { schema: bigint(), input: parseJson("9".repeat(65)), value: "int_range" },
  // A JS number beyond 2^53 has been rounded already.
  { schema: bigint(), input: 2 ** 60, value: "int_range" },
  { schema: bigint(), input: 0.5, value: "type" },
  { schema: bigint(), input: parseJson("1e3"), value: "type" },
  { schema: bigint(), input: true, value: "type" },
  { schema: float64(), input: 3n, value: 3 },
  { schema: float64(), input: parseJson("2.50"), value: 2.5 },
  { schema: float64(), input: parseJson("1e400"), value: "range" },
  { schema: float64(), input: NaN, value: "range" },
  { schema: float64(), input: "1", value: "type" },
  { schema: float32(), input: 3.5e38, value: "range" },
  { schema: float32(), input: 10n ** 39n, value: "range" },
];
for (const [index, { schema, input, value }] of numbers.entries()) {
  Deno.test(`number row ${index}: ${String(input)} reads as ${String(value)}`, () => {
    assertEquals(read(schema, input), value);
  });
}

const decimals: readonly [string, number | "type" | "range"][] = [
  ["1", 1],
  ["-1.5", -1.5],
  ["+.5", 0.5],
  ["5.", 5],
  ["1e3", 1000],
  ["1E-3", 0.001],
  ["1e+2", 100],
  ["1e400", "range"],
  [".", "type"],
  ["1e", "type"],
  ["1e+", "type"],
  ["1.2.3", "type"],
  ["NaN", "type"],
  ["Infinity", "type"],
  ["0x1", "type"],
];
for (const [text, value] of decimals) {
  Deno.test(`float64() reads the text ${JSON.stringify(text)} as ${value}`, () => {
    const schema = object({ it: float64().in("form") });
    const bound = () => schema.bind({ form: { getAll: () => [text] } }).it;
    if (typeof value === "number") return assertEquals(bound(), value);
    const error = assertThrows(bound, ValidationError);
    assertEquals(error.issues.map(({ code }) => code), [value]);
  });
}

Deno.test("any() turns exact numbers into numbers and bigints, and copies only what it changes", () => {
  const plain = { list: [1, { text: "a" }], none: null };
  assertStrictEquals(any().parse(plain), plain);
  assertEquals(any().parse(parseJson('{"a":[2.50,9007199254740993,1e400,{"b":1e3}]}')), {
    a: [2.5, 9007199254740993n, Infinity, { b: 1000 }],
  });
  const date = new Date(0);
  assertStrictEquals(any().parse(date), date);
});

Deno.test("any() drops __proto__ at any depth, and keeps the caller's value as it was", () => {
  const hostile = JSON.parse('{"a":[{"__proto__":{"admin":true},"b":1}],"__proto__":{"x":1}}');
  const clean = any().parse(hostile) as { a: object[] };
  assertEquals(Object.keys(clean), ["a"]);
  assertEquals(Object.keys(clean.a[0]!), ["b"]);
  assertNotStrictEquals(clean, hostile);
  assertEquals(Object.hasOwn(hostile, "__proto__"), true);
});

Deno.test("any() refuses what is nested too deep, in lists and in objects", () => {
  let list: unknown = 1;
  let record: unknown = 1;
  for (let depth = 0; depth < 500; depth++) {
    list = [list];
    record = { record };
  }
  assertEquals([read(any(), list), read(any(), record)], ["too_deep", "too_deep"]);
  let bottomless: unknown = {};
  for (let depth = 0; depth < 500; depth++) bottomless = { m: bottomless };
  interface Nested {
    m?: Nested;
  }
  const nested: Schema<Nested> = object({ m: lazy(() => nested).optional() });
  assertEquals(read(nested, bottomless), "too_deep");
  assertEquals(read(map(any()), { a: record }), "too_deep");
  interface Lists {
    l?: Lists[];
    m?: Record<string, Lists>;
  }
  const lists: Schema<Lists> = object({
    l: array(lazy(() => lists)).optional(),
    m: map(lazy(() => lists)).optional(),
  });
  let inLists: Lists = {};
  let inMaps: Lists = {};
  for (let depth = 0; depth < 100; depth++) {
    inLists = { l: [inLists] };
    inMaps = { m: { k: inMaps } };
  }
  assertEquals([read(lists, inLists), read(lists, inMaps)], ["too_deep", "too_deep"]);
  // JSON text inside of a form counts as well.
  const form = object({ it: map(any()).in("form") });
  const text = '{"a":'.repeat(100) + "1" + "}".repeat(100);
  const error = assertThrows(() => form.bind({ form: { getAll: () => [text] } }), ValidationError);
  assertEquals(error.issues.map(({ code }) => code), ["too_deep"]);
});

const zeros: readonly { name: string; field: Field<unknown>; zero: unknown }[] = [
  { name: "text", field: string().zero(), zero: "" },
  { name: "a flag", field: boolean().zero(), zero: false },
  { name: "an integer", field: int32().zero(), zero: 0 },
  { name: "a bigint", field: bigint().zero(), zero: 0n },
  { name: "bytes", field: bytes().zero(), zero: new Uint8Array() },
  { name: "a list", field: array(string()).zero(), zero: [] },
];
for (const { name, field, zero } of zeros) {
  Deno.test(`zero() makes an absent value the zero of ${name}`, () => {
    const schema: Schema<{ it?: unknown }> = object({ it: field });
    assertEquals(schema.parse({}).it, zero);
  });
}

Deno.test("zero() of a map is an empty map without prototype", () => {
  const { it } = object({ it: map(string()).zero() }).parse({});
  assertEquals([Object.keys(it), Object.getPrototypeOf(it)], [[], null]);
});

Deno.test("object() that is absent is made of what its members read as, if that is known of all", () => {
  const known = {
    labels: map(string()),
    count: int32().zero(),
    name: string().default("x"),
    note: string().optional(),
    pair: string().requiredWith("note"),
    own: fromStandard<string>({
      "~standard": { version: 1, vendor: "test", validate: (it) => ({ value: String(it) }) },
    }),
    deeper: object({ flag: boolean().zero() }),
  };
  const { it } = object({ it: object(known) }).parse({});
  assertEquals({ ...it, labels: { ...it.labels } }, {
    labels: {},
    count: 0,
    name: "x",
    own: "undefined",
    deeper: { flag: false },
  });
  const unknown = object({ it: object({ ...known, must: string() }) });
  assertEquals(read(unknown, {}), "missing");
});

class Money {
  constructor(readonly cents: number) {}
}

Deno.test("default() gives every reader a copy of its own; objects of classes are shared", () => {
  const money = new Money(5);
  const schema = object({
    list: array(map(string())).default([{ a: "b" }]),
    when: timestamp().default(new Date(7)),
    data: bytes().default(Uint8Array.of(1, 2)),
    price: custom((value) => value as Money).default(money),
  });
  const [one, two] = [schema.parse({}), schema.parse({})];
  assertEquals([one.list, one.when, one.data], [[{ a: "b" }], new Date(7), Uint8Array.of(1, 2)]);
  assertEquals(one, two);
  one.list[0]!.a = "changed";
  one.when.setTime(0);
  one.data[0] = 9;
  assertEquals([two.list, two.when, two.data], [[{ a: "b" }], new Date(7), Uint8Array.of(1, 2)]);
  assertStrictEquals(one.price, money);
});

Deno.test("fillDefaults() reads variables, skips what never ends and says which do not fit", () => {
  interface Tree {
    name: string;
    child?: Tree;
  }
  const tree: ObjectSchema<Tree> = object({
    name: string().default("leaf"),
    child: lazy(() => tree).optional(),
  });
  const schema = object({
    port: int32().env("PORT").default(80),
    labels: map(string()),
    inner: object({ host: string().env("HOST"), size: int8().env("SIZE").optional() }),
    tree,
  });
  const env: Record<string, string> = { PORT: "81", HOST: "a" };
  const filled = schema.fillDefaults({ env: (name) => env[name] });
  assertEquals([filled.port, { ...filled.labels }, filled.inner], [81, {}, { host: "a" }]);
  assertEquals(filled.tree, { name: "leaf" });
  env.SIZE = "1000";
  const error = assertThrows(
    () => schema.fillDefaults({ env: (name) => env[name] }),
    ValidationError,
  );
  assertEquals(error.issues.map(({ path, code }) => [path, code]), [["inner.size", "int_range"]]);
});

const lists: readonly { name: string; schema: Schema<unknown>; input: unknown; codes: string }[] = [
  { name: "no list", schema: array(string()), input: {}, codes: "type" },
  { name: "too few", schema: array(string(), { length: 2 }), input: ["a"], codes: "length" },
  {
    name: "too many",
    schema: array(string(), { maxItems: 1 }),
    input: ["a", "b"],
    codes: "too_many",
  },
  { name: "a hole", schema: array(string()), input: ["a", undefined], codes: "null" },
  {
    name: "too many entries",
    schema: map(any(), { maxItems: 1 }),
    input: { a: 1, b: 2 },
    codes: "too_many",
  },
  { name: "no map", schema: map(any()), input: [], codes: "type" },
  {
    name: "a key that is no integer",
    schema: map(any(), { key: "int" }),
    input: { "01": 1, "-": 1, "9007199254740993": 1, "1": 1, "-7": 1 },
    codes: "type,type,type",
  },
  { name: "bytes beyond a byte", schema: bytes(), input: [1, 256], codes: "int_range" },
  { name: "no bytes", schema: bytes(), input: {}, codes: "type" },
  { name: "no base64", schema: bytes(), input: "***", codes: "base64" },
];
for (const { name, schema, input, codes } of lists) {
  Deno.test(`lists, maps and bytes refuse ${name}`, () => {
    assertEquals(read(schema, input), codes);
  });
}

Deno.test("bytes() takes bytes, base64 and numbers", () => {
  const expected = Uint8Array.of(1, 2);
  for (const input of [expected, "AQI=", [1, 2], "[1,2]"]) {
    assertEquals(bytes().parse(input), expected);
  }
  assertEquals(read(bytes(), "[1,"), "json");
});

Deno.test("ExactNumber counts as its number and shows its digits", () => {
  const exact = new ExactNumber("2.50");
  assertEquals([Number(exact) + 1, `${exact}`, JSON.stringify([exact])], [3.5, "2.50", "[2.50]"]);
});

Deno.test("parseJson() of a mistyped key suggests none when the key is far too long", () => {
  const schema = object({ name: string().optional() }, { strict: true });
  const key = "n".repeat(200);
  const result = schema.safeParse({ [key]: 1 });
  assertEquals(result.ok ? [] : result.issues.map(({ code }) => code), ["unknown_key"]);
  if (!result.ok) assertEquals(result.issues[0]!.message.includes("did you mean"), false);
});

for (const wrong of [-1, 1.5, NaN]) {
  Deno.test(`array() and map() refuse a count of ${wrong}`, () => {
    assertThrows(() => array(string(), { length: wrong }), RangeError, "length must be");
    assertThrows(() => map(string(), { maxItems: wrong }), RangeError, "maxItems must be");
  });
}
