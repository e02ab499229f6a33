import { assertEquals, assertThrows } from "@std/assert";
import { systemClock } from "../clock.ts";
import {
  any,
  array,
  boolean,
  duration,
  float64,
  int,
  int8,
  map,
  string,
  timestamp,
} from "./builders.ts";
import { ValidationError } from "./errors.ts";
import { parseJson } from "./json.ts";
import { object, type ObjectSchema } from "./object.ts";
import type { BindSources } from "./_request_source.ts";
import { assertIssues, type Expected } from "./_rows_test.ts";

interface BindRow {
  readonly name: string;
  readonly schema: ObjectSchema<unknown>;
  readonly sources: BindSources;
  readonly value?: unknown;
  readonly issues?: readonly Expected[];
}

function query(text: string): BindSources {
  return { form: new URLSearchParams(text) };
}

function headers(...lines: readonly [string, string][]): BindSources {
  return { header: new Headers(lines.map(([name, value]): [string, string] => [name, value])) };
}

const names = object({ names: array(string()).in("form") });
const numbers = object({ numbers: array(int()).in("form") });
const name = object({ name: string().in("form") });
const age = object({ age: int().range("[10:20)").in("form") });
const pos = object({ pos: int8().options([1, 2]).in("form") });
const flag = object({ b: boolean().in("form") });
const span = object({ d: duration().in("form") });

const rows: BindRow[] = [
  {
    name: "converts form text",
    schema: object({
      name: string().in("form"),
      age: int().in("form"),
      percent: float64().in("form").optional(),
    }),
    sources: query("name=hello&age=18&percent=3.4"),
    value: { name: "hello", age: 18, percent: 3.4 },
  },
  {
    name: "keeps commas in text",
    schema: object({ names: string().in("form") }),
    sources: query("names=1,2,3"),
    value: { names: "1,2,3" },
  },
  {
    name: "does not split at commas",
    schema: names,
    sources: query("names=1,2,3"),
    value: { names: ["1,2,3"] },
  },
  {
    name: "does not split numbers at commas",
    schema: numbers,
    sources: query("numbers=1,2,3"),
    issues: [["numbers[0]", "type", 'parsing "1,2,3" as int: invalid syntax']],
  },
  {
    name: "reads key[]",
    schema: names,
    sources: query("names[]=1&names[]=2&names[]=3"),
    value: { names: ["1", "2", "3"] },
  },
  // go-zero keeps one of the two, unspecified which.
  {
    name: "joins key and key[]",
    schema: names,
    sources: query("names[]=2&names=1"),
    value: { names: ["1", "2"] },
  },
  {
    name: "takes JSON text for an item",
    schema: names,
    sources: query("names=[1,2,3]&names=4"),
    value: { names: ["[1,2,3]", "4"] },
  },
  {
    name: "drops empty values",
    schema: names,
    sources: query("names=&names=1"),
    value: { names: ["1"] },
  },
  {
    name: "drops empty values of an optional list",
    schema: object({ n: array(int()).in("form").optional() }),
    sources: query("n=&n=2"),
    value: { n: [2] },
  },
  {
    name: "counts a key without value as absent",
    schema: object({ n: array(string()).in("form").optional() }),
    sources: query("n="),
    value: {},
  },
  {
    name: "counts a key without value as missing",
    schema: name,
    sources: query("name="),
    issues: [["name", "missing", 'field "name" is not set']],
  },
  {
    name: "applies the default to an empty value",
    schema: object({ n: int().default(3).in("form") }),
    sources: query("n="),
    value: { n: 3 },
  },
  {
    name: "takes the first value of a scalar",
    schema: name,
    sources: query("name=a&name=b"),
    value: { name: "a" },
  },
  ...[5, 20, 28].map((n): BindRow => ({
    name: `refuses ${n} outside the range`,
    schema: age,
    sources: query(`age=${n}`),
    issues: [["age", "range", `wrong number range setting, need [10:20), got ${n}`]],
  })),
  ...[10, 15].map((n): BindRow => ({
    name: `takes ${n} in the range`,
    schema: age,
    sources: query(`age=${n}`),
    value: { age: n },
  })),
  {
    name: "names the options",
    schema: pos,
    sources: query("pos=4"),
    issues: [["pos", "options", 'value "4" for field "pos" is not defined in options "[1 2]"']],
  },
  {
    name: "takes dots of a form key literally",
    schema: object({ a: int().in("form", "user.age") }),
    sources: query("user.age=18"),
    value: { a: 18 },
  },
  {
    name: "decodes percent escapes once",
    schema: name,
    sources: query("name=se205%5fy1205%26mcc=636"),
    value: { name: "se205_y1205&mcc=636" },
  },
  // go-zero refuses duration text here.
  { name: "reads duration text", schema: span, sources: query("d=5s"), value: { d: 5_000 } },
  { name: "reads nanoseconds", schema: span, sources: query("d=5000000000"), value: { d: 5_000 } },
  { name: "reads TRUE", schema: flag, sources: query("b=TRUE"), value: { b: true } },
  { name: "reads 1", schema: flag, sources: query("b=1"), value: { b: true } },
  {
    name: "refuses on",
    schema: flag,
    sources: query("b=on"),
    issues: [["b", "type", "type mismatch"]],
  },
  {
    name: "reads an instant",
    schema: object({ t: timestamp().in("form") }),
    sources: query("t=2024-01-02T03:04:05Z"),
    value: { t: new Date("2024-01-02T03:04:05Z") },
  },
  {
    name: "reads a map of JSON text",
    schema: object({ m: map(string()).in("form") }),
    sources: query('m={"k":"v"}'),
    value: { m: { k: "v" } },
  },
  {
    name: "offers several values to any()",
    schema: object({ v: any().in("form") }),
    sources: query("v=1&v=2"),
    value: { v: ["1", "2"] },
  },
  {
    name: "caps the form values",
    schema: object({ param: array(string()).in("form") }),
    sources: query("param=x&".repeat(2_058)),
    issues: [["", "too_many", "too many form values: at most 2048, got 2058"]],
  },
  {
    name: "reads a header without case",
    schema: object({ x: string().in("header", "x-real-ip") }),
    sources: headers(["X-Real-Ip", "1.1.1.1"]),
    value: { x: "1.1.1.1" },
  },
  {
    name: "misses a header under its own name",
    schema: object({ x: string().in("header", "x-real-ip") }),
    sources: headers(),
    issues: [["x-real-ip", "missing", 'field "x-real-ip" is not set']],
  },
  // go-zero wants JSON text of a single line.
  {
    name: "wraps a single header line",
    schema: object({ l: array(string()).in("header") }),
    sources: headers(["l", "a"]),
    value: { l: ["a"] },
  },
  {
    name: "reads a header of JSON text",
    schema: object({ l: array(string()).in("header") }),
    sources: headers(["l", '["a"]']),
    value: { l: ["a"] },
  },
  {
    name: "reads two header lines",
    schema: object({ l: array(string()).in("header") }),
    sources: headers(["l", "a"], ["l", "b"]),
    value: { l: ["a", "b"] },
  },
  {
    name: "does not split a header inside quotes",
    schema: object({ l: array(string()).in("header") }),
    sources: headers(["l", '"a,b", c,,']),
    value: { l: ['"a,b"', "c"] },
  },
  {
    name: "reads header lines as numbers",
    schema: object({ l: array(int()).in("header") }),
    sources: headers(["l", "1"], ["l", "2"]),
    value: { l: [1, 2] },
  },
  {
    name: "applies a header's default",
    schema: object({ b: boolean().default(true).in("header", "qux") }),
    sources: headers(),
    value: { b: true },
  },
  {
    name: "reads a cookie",
    schema: object({ id: int().in("cookie", "sid") }),
    sources: { cookie: { get: (key) => key === "sid" ? "7" : undefined } },
    value: { id: 7 },
  },
  {
    name: "reads JSON text of a path",
    schema: object({ ids: array(int()).in("path") }),
    sources: { path: { ids: "[1,2]" } },
    value: { ids: [1, 2] },
  },
  {
    name: "takes no inherited name for a path parameter",
    schema: object({ constructor: string().in("path").optional() }),
    sources: { path: {} },
    value: {},
  },
  {
    name: "assumes an empty object without a body",
    schema: object({ n: int().default(1) }),
    sources: {},
    value: { n: 1 },
  },
  {
    name: "names the part of a missing field",
    schema: object({ n: int() }),
    sources: {},
    issues: [["n", "missing", 'field "n" is not set']],
  },
  {
    name: "refuses a list body once",
    schema: object({ p: int().in("path"), a: int(), b: int() }),
    sources: { path: { p: "1" }, json: [] },
    issues: [["", "type", "type mismatch for value"]],
  },
  {
    name: "finds the issues of all parts",
    schema: object({
      p: int().in("path"),
      q: boolean().in("form"),
      h: string().in("header"),
      j: int8(),
    }),
    sources: {
      path: { p: "x" },
      form: new URLSearchParams("q=on"),
      header: new Headers(),
      json: { j: 300 },
    },
    issues: [["p", "type", "x"], ["q", "type", "on"], ["h", "missing", "is not set"], [
      "j",
      "int_range",
      "300",
    ]],
  },
  {
    name: "is content with one of several parts",
    schema: object({ id: int().in("form").in("json") }),
    sources: query("id=5"),
    value: { id: 5 },
  },
  {
    name: "lets the last of several parts win",
    schema: object({ id: int().in("json").in("form") }),
    sources: { ...query("id=5"), json: { id: 6 } },
    value: { id: 6 },
  },
  {
    name: "checks every part that is there",
    schema: object({ id: int().in("json").in("form") }),
    sources: { ...query("id=x"), json: { id: 6 } },
    issues: [["id", "type", "x"]],
  },
  {
    name: "keeps a default from covering a value",
    schema: object({ id: int().default(1).in("json").in("form") }),
    sources: { ...query("id=5"), json: {} },
    value: { id: 5 },
  },
  {
    name: "looks for dependencies in the field's own part",
    schema: object({ a: int().in("form").optional(), b: int().in("form").requiredWith("a") }),
    sources: query("a=1"),
    issues: [["b", "depends", "should be both provided"]],
  },
  {
    name: "finds header dependencies without case", // go-zero gets `!dep` wrong.
    schema: object({
      a: string().in("header", "x-a").optional(),
      b: string().in("header", "x-b").requiredWithout("x-a"),
    }),
    sources: headers(["X-A", "1"]),
    value: { a: "1" },
  },
  {
    name: "refuses unknown JSON keys when strict",
    schema: object({ p: int().in("path"), a: int() }, { strict: true }),
    sources: { path: { p: "1" }, json: { a: 1, p: 2 } },
    issues: [["p", "unknown_key", "is not known"]],
  },
];

for (const { name, schema, sources, value, issues } of rows) {
  Deno.test(`bind() ${name}`, () => {
    if (!issues) return assertEquals(schema.bind(sources), value);
    const error = assertThrows(() => schema.bind(sources), ValidationError);
    assertIssues(error.issues, issues);
  });
}

Deno.test("bind() says in which part an issue is, and carries all of them to the caller", () => {
  const schema = object({ id: int().in("path"), name: string() });
  const error = assertThrows(() => schema.bind({ path: { id: "x" } }), ValidationError);
  assertEquals(error.issues.map((issue) => issue.in), ["path", "json"]);
  assertEquals(
    error.message,
    'Cannot read request: field "id": parsing "x" as int: invalid syntax (and 1 more)',
  );
  assertEquals(error.details, {
    issues: [
      {
        in: "path",
        path: "id",
        code: "type",
        message: 'field "id": parsing "x" as int: invalid syntax',
      },
      { in: "json", path: "name", code: "missing", message: 'field "name" is not set' },
    ],
  });
});

Deno.test("sources names the parts that are read", () => {
  const schema = object({
    id: int().in("path"),
    name: string(),
    h: string().in("header").in("form"),
  });
  assertEquals([...schema.sources].sort(), ["form", "header", "json", "path"]);
});

Deno.test("no message repeats a long value", () => {
  const long = "secret".repeat(1_000);
  const schema = object({ a: int().in("form"), b: string().options(["x"]), c: array(int()) });
  const error = assertThrows(
    () => schema.bind({ form: new URLSearchParams({ a: long }), json: { b: long, c: long } }),
    ValidationError,
  );
  assertEquals(error.issues.length, 3);
  for (const { message } of error.issues) assertEquals(message.length < 200, true, message);
});

for (const size of [100_000, 1_000_000]) {
  Deno.test(`bind() stays fast on hostile text of ${size} characters`, () => {
    const schema = object({
      i: int().in("form"),
      d: duration().in("form"),
      t: timestamp().in("form"),
      l: array(string()).in("header"),
    });
    const text = "1".repeat(size);
    const form = { getAll: (key: string) => key.endsWith("[]") ? [] : [text] };
    const started = systemClock.now();
    assertThrows(() => schema.bind({ form, header: { get: () => '"' + text } }), ValidationError);
    assertEquals(systemClock.now() - started < 1_000, true);
  });
}

Deno.test("bind() takes what parseJson() answers", () => {
  const schema = object({ n: int(), price: array(string()) });
  assertEquals(schema.bind({ json: parseJson('{"n":1,"price":[2.50]}') }), {
    n: 1,
    price: ["2.50"],
  });
});
