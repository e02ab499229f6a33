import { assertEquals, assertThrows } from "@std/assert";
import { any, array, boolean, custom, duration, int, lazy, map, string } from "./builders.ts";
import { ValidationError } from "./errors.ts";
import { object, type ObjectSchema, optionalGroup } from "./object.ts";
import { type Row, testRows } from "./_rows_test.ts";

const person = object({ name: string(), age: int() });

testRows("object() presence, null, kinds", [
  {
    name: "finds all that is missing",
    schema: person,
    json: "{}",
    issues: [
      ["name", "missing", 'field "name" is not set'],
      ["age", "missing", 'field "age" is not set'],
    ],
  },
  {
    name: "refuses null",
    schema: person,
    json: '{"name":null,"age":1}',
    issues: [["name", "null", `field "name" mustn't be nil`]],
  },
  {
    name: "refuses text for a number",
    schema: person,
    json: '{"name":"a","age":"1"}',
    issues: [["age", "type", 'type mismatch for field "age"']],
  },
  {
    name: "refuses a number for text",
    schema: person,
    json: '{"name":1,"age":1}',
    issues: [["name", "type", 'type mismatch for field "name", expect "string", actual "number"']],
  },
  ...["1.5", "1e3", "1.0"].map((age): Row => ({
    name: "refuses what is no integer literal",
    schema: person,
    json: `{"name":"a","age":${age}}`,
    issues: [["age", "type", `parsing "${age}" as int: invalid syntax`]],
  })),
  {
    name: "refuses a bool for a number",
    schema: person,
    json: '{"name":"a","age":true}',
    issues: [["age", "type", 'type mismatch for field "age"']],
  },
  {
    name: "never rounds",
    schema: person,
    json: '{"name":"a","age":99999999999999999999}',
    issues: [["age", "int_range", "value out of range"]],
  },
  { name: "refuses a list", schema: person, json: "[]", issues: [["", "type", "type mismatch"]] },
  { name: "refuses null", schema: person, json: "null", issues: [["", "null", "mustn't be nil"]] },
  { name: "refuses text", schema: person, json: '"x"', issues: [["", "type", "type mismatch"]] },
  {
    name: "reads in a list",
    schema: array(person),
    json: '[{"name":"a"}]',
    issues: [["[0].age", "missing", 'field "[0].age" is not set']],
  },
  {
    name: "refuses an object for a list",
    schema: array(person),
    json: "{}",
    issues: [["", "type", "type mismatch"]],
  },
  {
    name: "walks a dotted key",
    schema: object({ n: int().key("a.b.c") }),
    json: '{"a":{"b":{"c":1}}}',
    value: { n: 1 },
  },
  {
    name: "does not match a literal dotted key",
    schema: object({ n: int().key("a.b.c") }),
    json: '{"a.b.c":1}',
    issues: [["a.b.c", "missing", 'field "a.b.c" is not set']],
  },
]);

const strict = object({ name: string(), in: person.optional() }, { strict: true });

testRows("object({ strict })", [
  { name: "takes known keys", schema: strict, json: '{"name":"a"}', value: { name: "a" } },
  {
    name: "names unknown keys",
    schema: strict,
    json: '{"name":"a","nmae":1}',
    issues: [["nmae", "unknown_key", 'field "nmae" is not known, did you mean "name"?']],
  },
  {
    name: "does not reach into members",
    schema: strict,
    json: '{"name":"a","in":{"name":"a","age":1,"x":1}}',
    value: { name: "a", in: { name: "a", age: 1 } },
  },
]);

const inner = object({ in: person });
const lenient = object({ a: int().optional(), b: string().default("x") });

testRows("object() nested", [
  {
    name: "misses a required struct",
    schema: inner,
    json: "{}",
    issues: [["in", "missing", '"in" is not set']],
  },
  {
    name: "finds an incomplete struct",
    schema: inner,
    json: '{"in":{"name":"a"}}',
    issues: [["in.age", "missing", 'field "in.age" is not set']],
  },
  {
    name: "refuses text",
    schema: inner,
    json: '{"in":"a"}',
    issues: [["in", "type", 'type mismatch for field "in"']],
  },
  {
    name: "refuses null",
    schema: inner,
    json: '{"in":null}',
    issues: [["in", "null", `field "in" mustn't be nil`]],
  },
  {
    name: "builds an absent struct that needs nothing",
    schema: object({ in: lenient }),
    json: "{}",
    value: { in: { b: "x" } },
  },
  {
    name: "applies no defaults inside an absent optional struct",
    schema: object({ in: lenient.optional() }),
    json: "{}",
    value: {},
  },
  {
    name: "applies defaults inside a present optional struct",
    schema: object({ in: lenient.optional() }),
    json: '{"in":{}}',
    value: { in: { b: "x" } },
  },
  {
    name: "counts an env-only member as required",
    schema: object({ in: object({ a: string().env("NONE") }) }),
    json: "{}",
    issues: [["in", "missing", '"in" is not set']],
  },
]);

const withA = object({ a: int().optional(), b: int().requiredWith("a").range("[1:5]") });
const withoutA = object({ a: int().optional(), b: int().requiredWithout("a").range("[1:5]") });
const both = 'values for "a" and "b" should be both provided or both not in ""';
const either = 'set value for either "a" or "b" in ""';

testRows(
  "requiredWith()",
  [
    { name: "neither", schema: withA, json: "{}", value: {} },
    { name: "only the other", schema: withA, json: '{"a":1}', issues: [["b", "depends", both]] },
    { name: "only itself", schema: withA, json: '{"b":1}', issues: [["b", "depends", both]] },
    { name: "both", schema: withA, json: '{"a":1,"b":2}', value: { a: 1, b: 2 } },
    {
      name: "null counts as present",
      schema: withA,
      json: '{"a":null}',
      issues: [["b", "depends", both]],
    },
    {
      name: "keeps the range", // Lost in go-zero.
      schema: withA,
      json: '{"a":1,"b":50}',
      issues: [["b", "range", "wrong number range setting, need [1:5], got 50"]],
    },
    {
      name: "names the object around",
      schema: object({ in: withA }),
      json: '{"in":{"a":1}}',
      issues: [["in.b", "depends", 'both provided or both not in "in"']],
    },
  ],
);

testRows(
  "requiredWithout()",
  [
    { name: "neither", schema: withoutA, json: "{}", issues: [["b", "conflicts", either]] },
    { name: "only the other", schema: withoutA, json: '{"a":1}', value: { a: 1 } },
    { name: "only itself", schema: withoutA, json: '{"b":1}', value: { b: 1 } },
    { name: "both", schema: withoutA, json: '{"a":1,"b":2}', issues: [["b", "conflicts", either]] },
    {
      name: "keeps the range",
      schema: withoutA,
      json: '{"b":50}',
      issues: [["b", "range", "[1:5]"]],
    },
  ],
);

const host = string().inherit();
const disc = object({ host: string().optional(), port: int().optional(), v: string().optional() });

testRows("inherit()", [
  {
    name: "takes the value around",
    schema: object({ host: string(), c: object({ n: string(), host }) }),
    json: '{"host":"h","c":{"n":"x"}}',
    value: { host: "h", c: { n: "x", host: "h" } },
  },
  {
    name: "prefers its own",
    schema: object({ host: string(), c: object({ n: string(), host }) }),
    json: '{"host":"h","c":{"n":"x","host":"own"}}',
    value: { host: "h", c: { n: "x", host: "own" } },
  },
  {
    name: "misses what nobody has",
    schema: object({ c: object({ n: string(), host }) }),
    json: '{"c":{"n":"x"}}',
    issues: [["c.host", "missing", "is not set"]],
  },
  {
    name: "merges objects and leaves the outer one alone",
    schema: object({ disc, comp: object({ name: string(), disc: disc.inherit() }) }),
    json: '{"disc":{"host":"l","port":1},"comp":{"name":"t","disc":{"port":2}}}',
    value: { disc: { host: "l", port: 1 }, comp: { name: "t", disc: { host: "l", port: 2 } } },
  },
  {
    name: "merges over three levels",
    schema: object({
      disc,
      a: object({ disc: disc.inherit(), b: object({ disc: disc.inherit() }) }),
    }),
    json: '{"disc":{"host":"h"},"a":{"disc":{"port":2},"b":{"disc":{"v":"x"}}}}',
    value: {
      disc: { host: "h" },
      a: { disc: { host: "h", port: 2 }, b: { disc: { host: "h", port: 2, v: "x" } } },
    },
  },
  {
    name: "keeps the range",
    schema: object({ n: int(), c: object({ n: int().inherit().range("[1:5]") }) }),
    json: '{"n":9,"c":{}}',
    issues: [["c.n", "range", "need [1:5], got 9"]],
  },
]);

const embedded = object({ ...person.fields, z: int() });
const group = object({ ...optionalGroup("A", person.fields), z: int() });
const mixed = object({
  ...optionalGroup("A", { n: int().optional(), v: int(), d: int().default(7) }),
});

testRows("optionalGroup() and spread", [
  {
    name: "flattens",
    schema: embedded,
    json: '{"name":"a","age":1,"z":2}',
    value: { name: "a", age: 1, z: 2 },
  },
  {
    name: "misses a member",
    schema: embedded,
    json: '{"name":"a","z":2}',
    issues: [["age", "missing", 'field "age" is not set']],
  },
  { name: "is absent", schema: group, json: '{"z":2}', value: { z: 2 } },
  {
    name: "is incomplete",
    schema: group,
    json: '{"z":2,"name":"a"}',
    issues: [["age", "missing", '"A" is not fully set']],
  },
  {
    name: "does not look under its name",
    schema: group,
    json: '{"z":2,"A":{"name":"a","age":1}}',
    value: { z: 2 },
  },
  { name: "has optional members: none", schema: mixed, json: "{}", value: {} },
  { name: "has optional members: v", schema: mixed, json: '{"v":1}', value: { v: 1, d: 7 } },
  {
    name: "has optional members: n",
    schema: mixed,
    json: '{"n":1}',
    issues: [["v", "missing", '"A" is not fully set']],
  },
  {
    name: "has optional members: n, v",
    schema: mixed,
    json: '{"n":1,"v":2}',
    value: { n: 1, v: 2, d: 7 },
  },
  {
    name: "matches keys without case",
    schema: object({ ...optionalGroup("A", { Host: string() }) }),
    json: '{"host":"h"}',
    options: { ignoreCase: true },
    value: { Host: "h" },
  },
]);

const wrong: readonly { name: string; define: () => unknown; text: string }[] = [
  {
    name: "a range on text",
    // @ts-expect-error Types refuse it too.
    define: () => object({ a: string().range("[1:2]") }),
    text: 'field "a": a range does not fit kind string',
  },
  {
    name: "a bad range",
    define: () => object({ a: int().range("[5:1]") }),
    text: 'field "a": bad range "[5:1]"',
  },
  {
    name: "a bad range of items",
    define: () => object({ a: array(int().range("1:2")) }),
    text: 'field "a[]": bad range',
  },
  {
    name: "a default outside the range",
    define: () => object({ a: int().default(5).range("[10:20]") }),
    text: 'field "a": default 5 is outside [10:20]',
  },
  {
    name: "a default outside the options",
    define: () => object({ a: string().default("zz").options(["a", "b"]) }),
    text: 'field "a": default zz is not among [a b]',
  },
  {
    name: "a default of the wrong width",
    define: () => object({ a: int().default(1.5) }),
    text: 'field "a": default 1.5 is no int',
  },
  {
    name: "two fields of one name",
    define: () => object({ a: int(), b: int().key("a") }),
    text: 'field "b": json "a" is read by "a" too',
  },
  {
    name: "a field that depends on itself",
    define: () => object({ a: int().requiredWith("a") }),
    text: 'field "a": it depends on itself',
  },
  {
    name: "a dependency on a name that no field has",
    define: () => object({ a: int().requiredWith("b") }),
    text: 'field "a": it depends on "b", which no field has',
  },
  {
    name: "a reserved name",
    define: () => object({ ["__proto__"]: int() }),
    text: 'field "__proto__": the name is reserved',
  },
  {
    name: "env on a list",
    define: () => object({ a: array(int()).env("A") }),
    text: 'field "a": env does not fit kind array',
  },
  {
    name: "no options",
    define: () => object({ a: string().options([]) }),
    text: 'field "a": options must allow at least one value',
  },
];

for (const { name, define, text } of wrong) {
  Deno.test(`object() refuses ${name} when it is made`, () => {
    assertThrows(define, Error, text);
  });
}

interface Tree {
  name: string;
  children?: Tree[];
}
const tree: ObjectSchema<Tree> = object({
  name: string(),
  children: array(lazy(() => tree)).optional(),
});

Deno.test("lazy() reads trees and names the place", () => {
  const error = assertThrows(
    () => tree.parse({ name: "a", children: [{ name: "b", children: [{}] }] }),
    ValidationError,
  );
  assertEquals(error.issues.map(({ path }) => path), ["children[0].children[0].name"]);
});

Deno.test("parse() answers too_deep at the 65th level, and does not crash at 100,000", () => {
  const nest = (levels: number): Tree => {
    let value: Tree = { name: "leaf" };
    for (let level = 1; level < levels; level++) value = { name: "x", children: [value] };
    return value;
  };
  assertEquals(tree.safeParse(nest(32)).ok, true); // 32 objects and 31 lists.
  for (const levels of [33, 100_000]) {
    const result = tree.safeParse(nest(levels));
    assertEquals(!result.ok && result.issues.map(({ code }) => code), ["too_deep"]);
  }
});

Deno.test("safeParse() reports at most 100 issues", () => {
  const result = array(int()).safeParse(Array(5_000).fill("x"));
  assertEquals(!result.ok && result.issues.length, 100);
});

Deno.test("fillDefaults() fills defaults and variables, inside optional members too", () => {
  const part = object({ Host: string(), Port: int().default(80) });
  const schema = object({
    A: string().default("a"),
    B: string(),
    C: part,
    O: part.optional(),
    N: string().optional(),
    D: duration().default(2_000),
    L: array(string()).default(["x", "y"]),
    E: boolean().env("E1"),
  });
  const filled: unknown = schema.fillDefaults({ env: (name) => name === "E1" ? "T" : undefined });
  assertEquals(filled, {
    A: "a",
    C: { Port: 80 },
    O: { Port: 80 },
    D: 2_000,
    L: ["x", "y"],
    E: true,
  });
});

Deno.test("default() is copied for each value", () => {
  const schema = object({ tags: array(string()).default([]) });
  schema.parse({}).tags.push("mine");
  assertEquals(schema.parse({}).tags, []);
});

Deno.test("default() shares objects of classes, which it cannot copy", () => {
  const url = new URL("https://deno.com");
  const schema = object({ url: custom((value) => new URL(String(value))).default(url) });
  assertEquals(schema.parse({}).url === url, true);
});

Deno.test("check() runs from the inside out, after the members are sound", () => {
  const seen: string[] = [];
  const schema = object({
    in: object({ n: int() }).check(() => void seen.push("in")),
    v: any(),
    m: map(int()),
  }).check(({ in: inner }) => {
    seen.push("out");
    return inner.n > 1 ? "n is too large" : undefined;
  });
  const error = assertThrows(() => schema.parse({ in: { n: 2 }, v: 1 }), ValidationError);
  assertEquals(seen, ["in", "out"]);
  assertEquals(error.message, "Cannot accept value: value: n is too large");
  assertThrows(() => schema.bind({ json: { in: { n: 2 }, v: 1 } }), ValidationError, "too large");
});

for (const extra of [{}, { x: 1 }, { x: 1, y: 2, z: 3 }]) {
  Deno.test(`parse() answers a new object of the members alone: ${Object.keys(extra)}`, () => {
    const schema = object({ a: int(), b: string().optional(), c: int().optional() });
    const input = { a: 1, b: null, ...extra };
    const value: unknown = schema.parse(input);
    assertEquals(value, { a: 1 });
    assertEquals(Object.keys(value as object), ["a"]);
    assertEquals(input, { a: 1, b: null, ...extra });
  });
}
