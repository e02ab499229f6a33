import { assertEquals, assertThrows } from "@std/assert";
import {
  any,
  array,
  bigint,
  boolean,
  bytes,
  custom,
  duration,
  float32,
  float64,
  fromStandard,
  int,
  int8,
  map,
  string,
  timestamp,
  uint,
  uint32,
  uint8,
} from "./builders.ts";
import { ExactNumber } from "./exact_number.ts";
import type { Schema } from "./field.ts";
import { object, type ObjectSchema } from "./object.ts";
import { type Expected, type Row, testRows } from "./_rows_test.ts";
import type { StandardSchemaV1 } from "./standard.ts";

/** A row for a lone value. */
function row(name: string, schema: Schema<unknown>, json: string, value: unknown): Row {
  return { name, schema, json, value };
}

/** A row for a lone value that is refused. */
function bad(
  name: string,
  schema: Schema<unknown>,
  json: string,
  code: Expected[1],
  text: string,
  path = "",
): Row {
  return { name, schema, json, issues: [[path, code, text]] };
}

const range = int().range("[1:10)");
const letter = string().options(["a", "b"]);

testRows("scalars", [
  bad("boolean()", boolean(), "1", "type", 'expect "bool", actual "number"'),
  bad("boolean()", boolean(), '"true"', "type", 'expect "bool", actual "string"'),
  row("boolean().asString()", boolean().asString(), '"TRUE"', true),
  row("boolean().asString()", boolean().asString(), "1", true),
  bad("boolean().asString()", boolean().asString(), '"yes"', "type", "type mismatch"),
  bad("boolean().asString()", boolean().asString(), "true", "type", "is not string, but bool"),
  row("int().asString()", int().asString(), '"5"', 5),
  row("int().asString()", int().asString(), "5", 5),
  bad("int().asString()", int().asString(), "[1]", "type", "is not string, but list"),
  bad("int8()", int8(), "200", "int_range", 'parsing "200" as int8: value out of range'),
  bad("uint8()", uint8(), "-1", "int_range", "value out of range [0:255]"),
  row("uint32()", uint32(), "4294967295", 4294967295),
  row("int()", int(), "9007199254740991", 9007199254740991),
  bad("int()", int(), "9007199254740992", "int_range", 'parsing "9007199254740992"'),
  bad("int()", int(), "9007199254740993", "int_range", 'parsing "9007199254740993"'),
  row("int()", int(), "-0", 0),
  bad("uint()", uint(), "-5", "int_range", "out of range"),
  row("bigint()", bigint(), "9007199254740993", 9007199254740993n),
  row("bigint()", bigint(), "7", 7n),
  row("bigint()", bigint(), "18446744073709551615", 18446744073709551615n),
  bad("bigint()", bigint(), "18446744073709551616", "int_range", "out of range"),
  bad("bigint()", bigint(), "1.0", "type", "invalid syntax"),
  row("bigint().asString()", bigint().asString(), '"-9223372036854775808"', -(2n ** 63n)),
  bad("float32()", float32(), "1e300", "range", 'parsing "1e300" as float32: value out of range'),
  row("float64()", float64(), "2.50", 2.5),
  bad("float64()", float64(), `1${"0".repeat(400)}`, "range", "value out of range"),
  bad(
    "options()",
    letter,
    '"c"',
    "options",
    'value "c" for value is not defined in options "[a b]"',
  ),
  bad("options() of a number", int().options([1, 2]), "3", "options", 'options "[1 2]"'),
  row("options() of a number", int().options([1, 2]), "2", 2),
  bad("range()", range, "0", "range", "wrong number range setting, need [1:10), got 0"),
  bad("range()", range, "10", "range", "wrong number range setting"),
  row("range()", range, "9", 9),
  row("range() of a bigint", bigint().range("[1:9]"), "9", 9n),
  row("duration()", duration(), '"1h30m"', 5_400_000),
  bad("duration()", duration(), "5", "type", "expect string for value, but got type number"),
  bad("duration()", duration(), '"abc"', "type", 'time: invalid duration "abc"'),
  bad("duration()", duration(), '"5"', "type", 'time: missing unit in duration "5"'),
  row("timestamp()", timestamp(), '"2024-01-02T03:04:05Z"', new Date("2024-01-02T03:04:05Z")),
  bad("timestamp()", timestamp(), '"2024-01-02"', "type", 'parsing time "2024-01-02"'),
  bad("timestamp()", timestamp(), "1", "type", 'actual "number"'),
  row("bytes()", bytes(), '"aGVsbG8="', new TextEncoder().encode("hello")),
  row("bytes()", bytes(), "[1,2]", new Uint8Array([1, 2])),
  row("bytes() as JSON text", bytes(), '"[1,2]"', new Uint8Array([1, 2])),
  bad("bytes()", bytes(), '"a*b="', "base64", "is no base64 text"),
  bad("bytes()", bytes(), "[1,256]", "int_range", "is no byte", "[1]"),
  row("any()", any(), '{"a":[1,null,"x"]}', { a: [1, null, "x"] }),
  row("any() with digits", any(), '{"a":2.50,"b":9007199254740993}', {
    a: 2.5,
    b: 9007199254740993n,
  }),
  row("nullable()", string().nullable(), "null", null),
]);

for (const text of ["1", "true", "True", "TRUE", "TrUe", "0", "false", "False", "FALSE", "FaLsE"]) {
  Deno.test(`boolean() reads the text ${text}`, () => {
    assertEquals(boolean().parse(text, { text: true }), text === "1" || /true/i.test(text));
  });
}
for (const text of ["yes", "no", "", "2", "truee", "on"]) {
  Deno.test(`boolean() refuses the text "${text}"`, () => {
    assertEquals(boolean().safeParse(text, { text: true }).ok, false);
  });
}

const absent: readonly {
  name: string;
  schema: ObjectSchema<unknown>;
  json: string;
  value?: unknown;
  text?: string;
}[] = [
  {
    name: "default() when absent",
    schema: object({ n: int().default(5) }),
    json: "{}",
    value: { n: 5 },
  },
  {
    name: "default() for null",
    schema: object({ n: int().default(5) }),
    json: '{"n":null}',
    text: "mustn't be nil",
  },
  {
    name: "defaultOnNull()",
    schema: object({ n: int().default(5).defaultOnNull() }),
    json: '{"n":null}',
    value: { n: 5 },
  },
  // go-zero leaves zero here; a property that has a default is never missing in Zeno.
  {
    name: "optional().default() for null",
    schema: object({ n: int().optional().default(5) }),
    json: '{"n":null}',
    value: { n: 5 },
  },
  {
    name: "optional().default() when absent",
    schema: object({ n: int().optional().default(5) }),
    json: "{}",
    value: { n: 5 },
  },
  {
    name: "optional() for null",
    schema: object({ n: int().optional() }),
    json: '{"n":null}',
    value: {},
  },
  {
    name: "zero()",
    schema: object({ n: int().zero(), s: string().zero(), l: array(int()).zero() }),
    json: "{}",
    value: { n: 0, s: "", l: [] },
  },
  {
    name: "duration().default()",
    schema: object({ d: duration().default(90_000) }),
    json: "{}",
    value: { d: 90_000 },
  },
  {
    name: "timestamp()",
    schema: object({ t: timestamp() }),
    json: "{}",
    text: 'field "t" is not set',
  },
  {
    name: "another case",
    schema: object({ Name: string() }),
    json: '{"name":"a"}',
    text: 'field "Name" is not set',
  },
];
testRows(
  "presence",
  absent.map(({ name, schema, json, value, text }): Row =>
    text === undefined ? { name, schema, json, value } : {
      name,
      schema,
      json,
      issues: [[
        json.includes("null") ? "n" : Object.keys(schema.definition.fields!)[0]!,
        json.includes("null") ? "null" : "missing",
        text,
      ]],
    }
  ),
);

const s = object({ s: array(string()) });
const ints = object({ s: array(int()) });

testRows("array()", [
  // go-zero calls an absent list a type mismatch.
  { name: "missing", schema: s, json: "{}", issues: [["s", "missing", 'field "s" is not set']] },
  { name: "empty", schema: s, json: '{"s":[]}', value: { s: [] } },
  // go-zero makes zeros of null items.
  {
    name: "null items",
    schema: s,
    json: '{"s":["a",null]}',
    issues: [["s[1]", "null", "mustn't be nil"]],
  },
  { name: "numbers as text", schema: s, json: '{"s":[1,2.50]}', value: { s: ["1", "2.50"] } },
  {
    name: "bool items",
    schema: s,
    json: '{"s":[true]}',
    issues: [["s[0]", "type", "type mismatch"]],
  },
  {
    name: "object items",
    schema: s,
    json: '{"s":[{}]}',
    issues: [["s[0]", "type", "type mismatch"]],
  },
  { name: "JSON text", schema: s, json: '{"s":"[\\"x\\",\\"y\\"]"}', value: { s: ["x", "y"] } },
  {
    name: "other text",
    schema: s,
    json: '{"s":"x"}',
    issues: [["s", "json", 'is no JSON list: unexpected "x"']],
  },
  {
    name: "an object",
    schema: s,
    json: '{"s":{}}',
    issues: [["s", "type", 'type mismatch for field "s"']],
  },
  { name: "text as numbers", schema: ints, json: '{"s":["1",2]}', value: { s: [1, 2] } },
  {
    name: "bad text as numbers",
    schema: ints,
    json: '{"s":["a"]}',
    issues: [["s[0]", "type", 'parsing "a" as int']],
  },
  {
    name: "null in JSON text",
    schema: ints,
    json: '{"s":"[null]"}',
    issues: [["s[0]", "null", "nil"]],
  },
  { name: "fixed length", schema: array(int(), { length: 2 }), json: "[1,2]", value: [1, 2] },
  {
    name: "wrong length",
    schema: array(int(), { length: 2 }),
    json: "[1]",
    issues: [["", "length", "need 2, got 1"]],
  },
  { name: "nullable items", schema: array(int().nullable()), json: "[1,null]", value: [1, null] },
  {
    name: "too many",
    schema: array(int(), { maxItems: 2 }),
    json: "[1,2,3]",
    issues: [["", "too_many", "at most 2, got 3"]],
  },
  {
    name: "too many by default",
    schema: array(int()),
    json: `[${"1,".repeat(10_000)}1]`,
    issues: [["", "too_many", "at most 10000, got 10001"]],
  },
]);

const m = object({ m: map(int()) });

testRows("map()", [
  { name: "missing", schema: m, json: "{}", value: { m: {} } },
  { name: "numbers", schema: m, json: '{"m":{"a":1}}', value: { m: { a: 1 } } },
  {
    name: "text for numbers",
    schema: m,
    json: '{"m":{"a":"1"}}',
    issues: [["m[a]", "type", "type mismatch"]],
  },
  { name: "null", schema: m, json: '{"m":{"a":null}}', issues: [["m[a]", "null", "nil"]] },
  { name: "JSON text", schema: m, json: '{"m":"{\\"a\\":1}"}', value: { m: { a: 1 } } },
  {
    name: "a list",
    schema: m,
    json: '{"m":[]}',
    issues: [["m", "type", 'type mismatch for field "m"']],
  },
  {
    name: "anything",
    schema: map(any()),
    json: '{"a":1,"b":[1,"x"],"c":null}',
    value: { a: 1, b: [1, "x"], c: null },
  },
  // go-zero knows no integer keys.
  {
    name: "integer keys",
    schema: map(string(), { key: "int" }),
    json: '{"1":"a","-2":"b"}',
    value: { 1: "a", "-2": "b" },
  },
  {
    name: "bad integer keys",
    schema: map(string(), { key: "int" }),
    json: '{"x":"a"}',
    issues: [["[x]", "type", "is no integer"]],
  },
  {
    name: "structs",
    schema: object({ m: map(object({ name: string(), age: int() })) }),
    json: '{"m":{"k":{"name":"a"}}}',
    issues: [["m[k].age", "missing", 'field "m[k].age" is not set']],
  },
  {
    name: "bools of numbers",
    schema: map(boolean()),
    json: '{"a":1,"b":0,"c":true}',
    value: { a: true, b: false, c: true },
  },
  {
    name: "bools of other numbers",
    schema: map(boolean()),
    json: '{"a":123}',
    issues: [["[a]", "type", "type mismatch"]],
  },
  {
    name: "bools of text",
    schema: map(boolean()),
    json: '{"a":"123"}',
    issues: [["[a]", "type", "type mismatch"]],
  },
  { name: "text of numbers", schema: map(string()), json: '{"a":2.50}', value: { a: "2.50" } },
  {
    name: "too many",
    schema: map(int(), { maxItems: 1 }),
    json: '{"a":1,"b":2}',
    issues: [["", "too_many", "at most 1, got 2"]],
  },
]);

Deno.test("map() answers objects without prototype", () => {
  const value = map(int()).parse({ constructor: 1, ["__proto__"]: 2 });
  assertEquals(Object.getPrototypeOf(value), null);
  assertEquals(Object.keys(value).sort(), ["__proto__", "constructor"]);
});

Deno.test("custom() turns what it throws into an issue", () => {
  const even = custom((value) => {
    if (Number(value) % 2) throw new Error("need an even number");
    return Number(value);
  });
  assertEquals(even.parse(4), 4);
  assertThrows(() => object({ n: even }).parse({ n: 3 }), Error, 'field "n": need an even number');
});

/** A hand-made schema of another library. */
const trimmed: StandardSchemaV1<unknown, { name: string }> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value) => {
      const name = (value as { name?: unknown } | undefined)?.name;
      return typeof name === "string"
        ? { value: { name: name.trim() } }
        : { issues: [{ message: "need text", path: ["name", { key: 0 }] }] };
    },
  },
};

Deno.test("fromStandard() reads with another library's schema and keeps its paths", () => {
  const schema = object({ user: fromStandard(trimmed) });
  assertEquals(schema.parse({ user: { name: " a " } }), { user: { name: "a" } });
  const result = schema.safeParse({});
  assertEquals(!result.ok && result.issues.map(({ path, code }) => [path, code]), [
    ["user.name[0]", "custom"],
  ]);
});

Deno.test("fromStandard() refuses asynchronous schemas", () => {
  const schema = fromStandard({
    "~standard": { version: 1, vendor: "test", validate: (value) => Promise.resolve({ value }) },
  });
  assertThrows(() => schema.parse(1), TypeError, "the schema works asynchronously");
});

Deno.test("~standard answers values and issues with segmented paths", () => {
  const { version, vendor, validate } = object({ a: array(int()) })["~standard"];
  assertEquals([version, vendor], [1, "zeno"]);
  assertEquals(validate({ a: [1] }), { value: { a: [1] } });
  const result = validate({ a: ["x"] }) as { issues: readonly { path: unknown }[] };
  assertEquals(result.issues[0]?.path, ["a", 0]);
});

Deno.test("ExactNumber survives JSON.stringify", () => {
  assertEquals(JSON.stringify([new ExactNumber("2.50")]), "[2.50]");
});
