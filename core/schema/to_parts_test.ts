import { assertEquals, assertThrows } from "@std/assert";
import {
  any,
  array,
  bigint,
  boolean,
  bytes,
  duration,
  float64,
  int,
  map,
  string,
  timestamp,
} from "./builders.ts";
import { ValidationError } from "./errors.ts";
import { parseJson } from "./json.ts";
import { object } from "./object.ts";

const request = object({
  a: string().in("path"),
  b: int().in("form"),
  c: array(string()).in("form"),
  d: string().in("header", "X-D"),
  e: int().asString(),
  f: string().optional(),
  g: string().in("cookie").optional(),
});
const value = { a: "x", b: 1, c: ["p", "q"], d: "h", e: 5 };

Deno.test("toParts() puts each field into its part", () => {
  const { path, form, header, cookie, json } = request.toParts(value);
  assertEquals({ ...path }, { a: "x" });
  assertEquals(form, [["b", "1"], ["c", "p"], ["c", "q"]]);
  assertEquals({ ...header }, { "X-D": "h" });
  assertEquals({ ...cookie }, {});
  assertEquals(JSON.stringify(json), '{"e":"5"}');
});

Deno.test("toParts() of a request without JSON fields has no body", () => {
  assertEquals(object({ a: int().in("form") }).toParts({ a: 1 }).json, undefined);
});

Deno.test("bind() reads back what toParts() gives, whatever the kind and the part", () => {
  const kinds = {
    string: string(),
    boolean: boolean(),
    int: int(),
    float: float64(),
    bigint: bigint(),
    bytes: bytes(),
    duration: duration(),
    timestamp: timestamp(),
    list: array(int()),
    map: map(string()),
  };
  const original = {
    string: 'a&b,"ü',
    boolean: true,
    int: -7,
    float: 2.5,
    bigint: 9007199254740993n,
    bytes: new Uint8Array([0, 255]),
    duration: 90_500,
    timestamp: new Date("2024-01-02T03:04:05.678Z"),
    list: [1, 2],
    map: { k: "v" },
  };
  for (const source of ["json", "form", "path"] as const) {
    const schema = object({
      string: kinds.string.in(source),
      boolean: kinds.boolean.in(source),
      int: kinds.int.in(source),
      float: kinds.float.in(source),
      bigint: kinds.bigint.in(source),
      bytes: kinds.bytes.in(source),
      duration: kinds.duration.in(source),
      timestamp: kinds.timestamp.in(source),
      list: kinds.list.in(source),
      map: kinds.map.in(source),
    });
    const { path, form, json } = schema.toParts(original);
    const read = schema.bind({
      path,
      form: new URLSearchParams(form.map(([key, text]) => [key, text])),
      json: json && parseJson(JSON.stringify(json)),
    });
    assertEquals<unknown>({ ...read, map: { ...read.map } }, original, source);
  }
});

Deno.test("toParts() writes dotted keys as nested objects, and encodes inside objects", () => {
  const schema = object({
    n: int().key("a.b"),
    m: int().key("a.c"),
    in: object({ at: duration().key("At"), v: any() }),
  });
  assertEquals(
    JSON.stringify(schema.toParts({ n: 1, m: 2, in: { at: 1_000, v: [1] } }).json),
    '{"a":{"b":1,"c":2},"in":{"At":"1s","v":[1]}}',
  );
});

const refused: readonly { name: string; change: Record<string, unknown>; text: string }[] = [
  { name: "a missing value", change: { b: undefined }, text: 'field "b" is nil' },
  { name: "null", change: { b: null }, text: 'field "b" is nil' },
  { name: "an empty list that text cannot carry", change: { c: [] }, text: 'field "c" is empty' },
  { name: "a wrong kind", change: { b: "x" }, text: 'type mismatch for field "b"' },
];
for (const { name, change, text } of refused) {
  Deno.test(`toParts() refuses ${name}`, () => {
    const wrong = { ...value, ...change } as typeof value;
    const error = assertThrows(() => request.toParts(wrong), ValidationError, text);
    assertEquals(error.issues.map((issue) => issue.in), ["form"]);
  });
}

Deno.test("toParts() refuses what the receiver would: options and range", () => {
  const schema = object({ a: string().options(["a", "b"]), n: int().range("[1:3)") });
  const error = assertThrows(
    () => schema.toParts({ a: "z" as "a", n: 3 }),
    ValidationError,
  );
  assertEquals(error.issues.map(({ path, code }) => [path, code]), [["a", "options"], [
    "n",
    "range",
  ]]);
});

for (const source of ["path", "form", "header", "cookie"] as const) {
  Deno.test(`toParts() leaves out of ${source} an empty list that the receiver fills in`, () => {
    const schema = object({ a: array(string()).in(source).default([]) });
    const parts = schema.toParts({ a: [] });
    assertEquals([parts.form, { ...parts.path }, { ...parts.header }, { ...parts.cookie }], [
      [],
      {},
      {},
      {},
    ]);
  });
}

Deno.test("toParts() refuses an empty list that the receiver would fill with others", () => {
  const schema = object({ a: array(string()).in("form").default(["x"]) });
  assertThrows(() => schema.toParts({ a: [] }), ValidationError, 'field "a" is empty');
});

Deno.test("toParts() writes an empty list as JSON, whatever its default", () => {
  const schema = object({ a: array(string()).default([]) });
  assertEquals(JSON.stringify(schema.toParts({ a: [] }).json), '{"a":[]}');
});
