import { assert, assertEquals } from "@std/assert";
import { MASK, maskSensitive, SENSITIVE_KEYS } from "./redact.ts";
import { reasonOf, ValueRenderer } from "./value_renderer.ts";

class Masked {
  P = "secret";
  [maskSensitive]() {
    return { P: "***" };
  }
}

class Money {
  toString() {
    return "3 EUR";
  }
}

const circular: Record<string, unknown> = { n: 1 };
circular.self = circular;

const shared = { n: 1 };

const cases: { name: string; value: unknown; shown: unknown }[] = [
  { name: "keeps text", value: "a", shown: "a" },
  { name: "keeps numbers", value: 1.5, shown: 1.5 },
  { name: "keeps null", value: null, shown: null },
  { name: "leaves undefined out", value: undefined, shown: undefined },
  { name: "says NaN", value: NaN, shown: "NaN" },
  { name: "says Infinity", value: -Infinity, shown: "-Infinity" },
  { name: "keeps every digit of a bigint", value: 2n ** 70n, shown: "1180591620717411303424" },
  { name: "names symbols", value: Symbol("s"), shown: "Symbol(s)" },
  { name: "names functions", value: function f() {}, shown: "[function f]" },
  { name: "shows an error by its message", value: new Error("bad"), shown: "bad" },
  {
    name: "shows an error without message by its name",
    value: new TypeError(),
    shown: "TypeError",
  },
  {
    name: "shows the causes of an error",
    value: new Error("outer", { cause: new Error("inner", { cause: "root" }) }),
    shown: "outer: inner: root",
  },
  {
    name: "shows the errors of an aggregate",
    value: new AggregateError([new Error("a"), "b"], "both"),
    shown: "both: [a; b]",
  },
  { name: "shows dates", value: new Date(0), shown: "1970-01-01T00:00:00.000Z" },
  { name: "shows invalid dates", value: new Date(NaN), shown: "Invalid Date" },
  {
    name: "shows lists of dates",
    value: [new Date(Date.UTC(2020, 0, 1)), new Date(Date.UTC(2020, 0, 2))],
    shown: ["2020-01-01T00:00:00.000Z", "2020-01-02T00:00:00.000Z"],
  },
  { name: "shows lists of errors", value: [new Error("a"), new Error("b")], shown: ["a", "b"] },
  { name: "shows maps as objects", value: new Map([["a", 1], ["b", 2]]), shown: { a: 1, b: 2 } },
  { name: "shows sets as lists", value: new Set([1, "x"]), shown: [1, "x"] },
  {
    name: "shows headers without secrets",
    value: new Headers({ accept: "*/*", authorization: "Bearer x", "set-cookie": "sid=1" }),
    shown: { accept: "*/*", authorization: MASK, "set-cookie": MASK },
  },
  {
    name: "shows a URL without its password",
    value: new URL("redis://user:pw@host:6379/0"),
    shown: "redis://***@host:6379/0",
  },
  { name: "shows bytes as base64", value: new Uint8Array([1, 2, 3]), shown: "AQID" },
  {
    name: "shows many bytes by their size",
    value: new Uint8Array(5000),
    shown: "[Uint8Array of 5000 bytes]",
  },
  {
    name: "prefers the JSON form to the text form",
    value: { toJSON: () => ({ j: 1 }), toString: () => "text" },
    shown: { j: 1 },
  },
  { name: "shows values with a text form by it", value: new Money(), shown: "3 EUR" },
  { name: "shows objects without prototype", value: Object.create(null), shown: {} },
  { name: "calls the mask hook", value: new Masked(), shown: { P: "***" } },
  {
    name: "calls the mask hook of nested values",
    value: { list: [new Masked()], map: new Map([["m", new Masked()]]) },
    shown: { list: [{ P: "***" }], map: { m: { P: "***" } } },
  },
  {
    name: "bears a mask hook that answers the value itself",
    value: {
      a: 1,
      [maskSensitive]() {
        return this;
      },
    },
    shown: { a: 1 },
  },
  { name: "marks circles", value: circular, shown: { n: 1, self: "[circular]" } },
  {
    name: "shows a value twice where it is no circle",
    value: [shared, shared],
    shown: [{ n: 1 }, { n: 1 }],
  },
  {
    name: "shows what a getter throws",
    value: {
      ok: 1,
      get bad() {
        throw new Error("boom");
      },
    },
    shown: { ok: 1, bad: "panic: boom" },
  },
  {
    name: "shows what a text method throws",
    value: {
      b: {
        toString() {
          throw new Error("boom");
        },
      },
    },
    shown: { b: "panic: boom" },
  },
  {
    name: "hides nested keys that hold secrets",
    value: { user: { name: "a", password: "p", tokens: 3, apiKey: "k" } },
    shown: { user: { name: "a", password: MASK, tokens: 3, apiKey: MASK } },
  },
  { name: "leaves undefined properties out", value: { a: undefined, b: 1 }, shown: { b: 1 } },
  { name: "keeps places in lists", value: [undefined, 1], shown: [null, 1] },
];

for (const { name, value, shown } of cases) {
  Deno.test(`ValueRenderer.value() ${name}`, () => {
    assertEquals(new ValueRenderer().value(value) as unknown, shown);
  });
}

Deno.test("ValueRenderer.value() ends at a depth", () => {
  let value: unknown = "bottom";
  for (let i = 0; i < 50; i++) value = [value];
  const shown = JSON.stringify(new ValueRenderer().value(value));
  assertEquals(shown, `${"[".repeat(8)}"[too deep]"${"]".repeat(8)}`);
});

Deno.test("ValueRenderer.value() ends after a number of values", () => {
  const shown = new ValueRenderer().value(
    new Map(Array.from({ length: 50_000 }, (_, i) => [i, i])),
  );
  assertEquals(Object.keys(shown as object).length, 10_000);
});

Deno.test("ValueRenderer.value() does not change the prototype of what it shows", () => {
  const shown = new ValueRenderer().value(JSON.parse('{"__proto__":{"admin":true}}')) as object;
  assertEquals(Object.getPrototypeOf(shown), Object.prototype);
  assertEquals(JSON.stringify(shown), '{"__proto__":{"admin":true}}');
});

for (const key of [...SENSITIVE_KEYS, "Authorization", "Set-Cookie", "db_password", "X-Api-Key"]) {
  Deno.test(`ValueRenderer.field() hides "${key}"`, () => {
    assertEquals(new ValueRenderer().field(key, "v"), MASK);
    assertEquals(new ValueRenderer().field(key, { deep: "v" }), MASK);
  });
}

for (const key of ["user", "tokens", "secretary", "path", "passwordless"]) {
  Deno.test(`ValueRenderer.field() shows "${key}"`, () => {
    assertEquals(new ValueRenderer().field(key, "v"), "v");
  });
}

Deno.test("ValueRenderer.field() hides the keys of the config", () => {
  const renderer = new ValueRenderer(["Card-Number", ""]);
  assertEquals(renderer.field("cardNumber", 1), MASK);
  assertEquals(renderer.field("other", 1), 1);
});

Deno.test("ValueRenderer.field() shows that there is no secret", () => {
  const renderer = new ValueRenderer();
  assertEquals([null, "", false].map((it) => renderer.field("token", it)), [null, "", false]);
});

Deno.test("ValueRenderer.field() forgets keys rather than keep all that ever were", () => {
  const renderer = new ValueRenderer();
  for (let i = 0; i < 10_000; i++) renderer.field(`header-${i}`, 1);
  assertEquals(renderer.field("header-0", 1), 1);
  assertEquals(renderer.field("password", 1), MASK);
});

Deno.test("reasonOf() takes anything that can be thrown", () => {
  assert(reasonOf(Object.create(null)) !== "");
  assertEquals([reasonOf("x"), reasonOf(new Error("e")), reasonOf(undefined)], [
    "x",
    "e",
    "undefined",
  ]);
});
