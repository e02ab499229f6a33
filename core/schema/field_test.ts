import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { systemClock } from "../clock.ts";
import { any, array, boolean, duration, int, map, string } from "./builders.ts";
import { object, type ObjectSchema, optionalGroup } from "./object.ts";
import type { Infer } from "./field.ts";
import { parseJson } from "./json.ts";
import { testRows } from "./_rows_test.ts";

// Types. `deno check` runs these.
type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends (<X>() => X extends B ? 1 : 2) ? true
  : false;
const inferred = object({
  a: string().options(["x", "y"]),
  b: int().optional(),
  c: boolean().optional().default(true),
  d: array(map(any(), { key: "int" })),
  e: string().nullable(),
  f: int().zero(),
  ...optionalGroup("G", { g: string() }),
});
interface Written {
  a: "x" | "y";
  b?: number;
  c: boolean;
  d: Record<number, unknown>[];
  e: string | null;
  f: number;
  g?: string;
}
const same: Same<Infer<typeof inferred>, { [K in keyof Written]: Written[K] }> = true;
const annotated: ObjectSchema<Written> = inferred.describe("kept a schema of objects");
const loose: ObjectSchema<{ f?: number }> = object({ f: int().default(1) });
const spread: ObjectSchema<Written & { own: string }> = object({
  ...annotated.fields,
  own: string(),
});
// @ts-expect-error A default must be among the options.
assertThrows(() => object({ a: string().options(["x"]).default("y") }));

Deno.test("fields are immutable data for documents", () => {
  assert(same && loose && spread);
  const base = int().describe("years").range("[0:150]").in("form", "AGE").default(3);
  const { definition } = object({ age: base });
  assertEquals(definition.fields?.age, {
    kind: "int",
    description: "years",
    range: "[0:150]",
    sources: [{ source: "form", key: "AGE" }],
    default: 3,
  });
  assertFalse(base === base.describe("other"));
  assertThrows(() => Object.assign(definition, { kind: "any" }), TypeError);
  assertEquals(Object.keys(spread.fields), ["a", "b", "c", "d", "e", "f", "g", "own"]);
});

testRows(
  "parse({ text })",
  [
    {
      name: "converts",
      schema: object({ n: int(), b: boolean(), l: array(int()) }),
      json: '{"n":"5","b":"1","l":["1","2"]}',
      options: { text: true },
      value: { n: 5, b: true, l: [1, 2] },
    },
  ],
);

const part = object({ Host: string(), Port: int().default(80) });
const config = object({
  Name: string(),
  Inner: part,
  Opt: part.optional(),
  M: map(string()).optional(),
  N: map(part).optional(),
  L: array(part).optional(),
  Dotted: int().key("Layer1.Layer2").optional(),
});
const ignoreCase = { ignoreCase: true, nullAsAbsent: true };

testRows("parse({ ignoreCase })", [
  {
    name: "matches members and keeps the keys of maps",
    schema: config,
    json:
      '{"NAME":"a","inner":{"HOST":"h"},"m":{"AbC":"1"},"n":{"K":{"HOST":"x"}},"l":[{"host":"y"}]}',
    options: ignoreCase,
    value: {
      Name: "a",
      Inner: { Host: "h", Port: 80 },
      M: { AbC: "1" },
      N: { K: { Host: "x", Port: 80 } },
      L: [{ Host: "y", Port: 80 }],
    },
  },
  {
    name: "walks dotted keys", // go-zero wants them in lower case.
    schema: config,
    json: '{"name":"a","inner":{"host":"h"},"LAYER1":{"layer2":7}}',
    options: ignoreCase,
    value: { Name: "a", Inner: { Host: "h", Port: 80 }, Dotted: 7 },
  },
  {
    name: "refuses one key in two cases", // Unspecified in go-zero.
    schema: object({ Name: string() }),
    json: '{"Name":"a","NAME":"b"}',
    options: ignoreCase,
    issues: [["NAME", "custom", 'is given twice, as "Name" and as "NAME"']],
  },
  {
    name: "keeps - and _ apart",
    schema: object({ tls_conf: int().optional() }),
    json: '{"tlsconf":1}',
    options: ignoreCase,
    value: {},
  },
  {
    name: "inherits from keys in any case, declared outside or not",
    schema: object({ Rpc: object({ Etcd: part.inherit(), Name: string() }) }),
    json: '{"ETCD":{"host":"h","PORT":1},"rpc":{"name":"n","etcd":{"port":2}}}',
    options: ignoreCase,
    value: { Rpc: { Etcd: { Host: "h", Port: 2 }, Name: "n" } },
  },
  {
    name: "reads null as absent",
    schema: config,
    json: '{"name":"a","inner":{"host":"h","port":null},"opt":null,"m":null}',
    options: ignoreCase,
    value: { Name: "a", Inner: { Host: "h", Port: 80 } },
  },
]);

Deno.test("parse({ ignoreCase }) refuses a schema whose fields differ only in case", () => {
  const schema = object({ in: object({ Host: string(), host: string() }) });
  assertThrows(() => schema.parse({}, ignoreCase), TypeError, "conflict key host");
});

Deno.test("parse({ onUnknownKey }) names the key and the one that was meant", () => {
  const seen: unknown[] = [];
  config.safeParse({ nmae: "a", inner: { host: "h", prot: 1 }, m: { any: "x" }, zzz: 1 }, {
    ignoreCase: true,
    onUnknownKey: (path, suggestion) => seen.push([path, suggestion]),
  });
  assertEquals(seen, [["nmae", "Name"], ["Inner.prot", "Port"], ["zzz", undefined]]);
});

const variables: Record<string, string> = { E1: "7", E2: "abc", E3: "T", E4: "2s", E5: "" };
const env = (name: string) => variables[name];

testRows("env()", [
  {
    name: "wins over the input",
    schema: object({ a: int().env("E1") }),
    json: '{"a":1}',
    options: { env },
    value: { a: 7 },
  },
  {
    name: "is checked against options",
    schema: object({ a: string().env("E2").options(["x", "abc"]) }),
    json: "{}",
    options: { env },
    value: { a: "abc" },
  },
  {
    name: "reads short bools",
    schema: object({ a: boolean().env("E3") }),
    json: "{}",
    options: { env },
    value: { a: true },
  },
  {
    name: "reads spans",
    schema: object({ a: duration().env("E4") }),
    json: "{}",
    options: { env },
    value: { a: 2_000 },
  },
  {
    name: "leaves the default when unset",
    schema: object({ a: int().env("NONE").default(9) }),
    json: "{}",
    options: { env },
    value: { a: 9 },
  },
  {
    name: "counts empty as unset",
    schema: object({ a: int().env("E5").default(9) }),
    json: "{}",
    options: { env },
    value: { a: 9 },
  },
  {
    name: "is ignored without a lookup",
    schema: object({ a: int().env("E1") }),
    json: '{"a":1}',
    value: { a: 1 },
  },
  {
    name: "names the variable",
    schema: object({ a: int().env("E2") }),
    json: "{}",
    options: { env },
    issues: [["a", "type", 'parsing "abc" as int: invalid syntax (from environment variable E2)']],
  },
  {
    name: "refuses a bad bool",
    schema: object({ a: boolean().env("E2") }),
    json: "{}",
    options: { env },
    issues: [["a", "type", "from environment variable E2"]],
  },
  {
    name: "is held to options",
    schema: object({ a: string().env("E1").options(["x", "y"]) }),
    json: "{}",
    options: { env },
    issues: [["a", "options", '"7" for field "a" is not defined in options "[x y]"']],
  },
  {
    name: "is held to the range",
    schema: object({ a: int().env("E1").range("[1:5]") }),
    json: "{}",
    options: { env },
    issues: [["a", "range", "need [1:5], got 7"]],
  },
  {
    name: "fills an absent struct",
    schema: object({ in: object({ a: int().env("E1") }) }),
    json: "{}",
    options: { env },
    value: { in: { a: 7 } },
  },
]);

// Prototype pollution: whatever comes in, no key may reach a prototype.
const HOSTILE = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "a",
  "m",
  "v",
];

function randomTree(next: () => number, depth: number): unknown {
  const kind = next();
  if (depth === 0 || kind < 0.3) return kind < 0.15 ? "polluted" : 1;
  if (kind < 0.4) return [randomTree(next, depth - 1)];
  const out: Record<string, unknown> = Object.create(null);
  for (let member = 0; member < 3; member++) {
    out[HOSTILE[Math.floor(next() * HOSTILE.length)]!] = randomTree(next, depth - 1);
  }
  return out;
}

Deno.test("no input adds a key to a prototype, whatever its keys", () => {
  const seed = systemClock.wallTime() >>> 0;
  let state = seed;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296;
  const schema = object({
    a: int().optional(),
    constructor: string().optional(),
    toString: any().optional(),
    m: map(any()).optional(),
    v: any().optional(),
    in: object({ v: any().inherit() }).optional(),
  });
  const before = Object.getOwnPropertyNames(Object.prototype).length;
  for (let round = 0; round < 20_000; round++) {
    const text = JSON.stringify(randomTree(next, 4));
    for (const options of [undefined, { ignoreCase: true }]) {
      const result = schema.safeParse(parseJson(text), options);
      if (!result.ok) continue;
      const { v, m } = result.value;
      assertEquals(Object.getPrototypeOf(result.value), Object.prototype, `seed ${seed}`);
      if (m) assertEquals(Object.getPrototypeOf(m), null, `seed ${seed}`);
      // A careless merge of a value must be harmless too.
      const merged: Record<string, unknown> = {};
      if (typeof v === "object" && v !== null) {
        for (const [key, each] of Object.entries(v)) merged[key] = each;
      }
      assertEquals(Object.getPrototypeOf(merged), Object.prototype, `seed ${seed}`);
    }
  }
  assertEquals(Object.getOwnPropertyNames(Object.prototype).length, before, `seed ${seed}`);
  assertEquals(({} as Record<string, unknown>).polluted, undefined, `seed ${seed}`);
});

Deno.test("an absent field named like a member of Object.prototype is absent", () => {
  const schema = object({ constructor: string().optional(), toString: string().optional() });
  const value: unknown = schema.parse({});
  assertEquals(Object.keys(value as object), []);
});
