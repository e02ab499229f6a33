import { assertEquals, assertThrows } from "@std/assert";
import { array, boolean, duration, int, string } from "./builders.ts";
import { object, type ObjectSchema } from "./object.ts";
import type { Field } from "./field.ts";
import { fieldFromTag, parseTag, splitTag } from "./tag.ts";
import { testRows } from "./_rows_test.ts";

const splits: readonly { tag: string; pieces: string[] }[] = [
  { tag: "", pieces: [] },
  { tag: "  ", pieces: [] },
  { tag: ",", pieces: [""] },
  { tag: "foo,", pieces: ["foo"] },
  { tag: ",foo", pieces: ["", "foo"] },
  { tag: "foo,bar,baz", pieces: ["foo", "bar", "baz"] },
  { tag: "foo,options=a|b", pieces: ["foo", "options=a|b"] },
  { tag: "foo,bar,default=[baz,qux]", pieces: ["foo", "bar", "default=[baz,qux]"] },
  { tag: "foo\\,bar,options=[baz,qux]", pieces: ["foo,bar", "options=[baz,qux]"] },
  { tag: "foo,bar,options=\\[baz,qux]", pieces: ["foo", "bar", "options=[baz", "qux]"] },
  { tag: "foo,bar,options=[baz\\,qux]", pieces: ["foo", "bar", "options=[baz\\,qux]"] },
  { tag: "a,options=[b,c, d],default=[d, b]", pieces: ["a", "options=[b,c, d]", "default=[d, b]"] },
];
for (const { tag, pieces } of splits) {
  Deno.test(`splitTag() splits ${JSON.stringify(tag)}`, () => assertEquals(splitTag(tag), pieces));
}

const bare = { key: "n", ignored: false, optional: false, inherit: false, string: false };
const tags: readonly { tag: string; parsed: Record<string, unknown> }[] = [
  { tag: "n,inherit,string", parsed: { inherit: true, string: true } },
  { tag: "n,optional", parsed: { optional: true } },
  { tag: "n,optional=dep", parsed: { dependency: { on: "dep", kind: "with" } } },
  { tag: "n,optional=!dep", parsed: { dependency: { on: "dep", kind: "without" } } },
  { tag: "n,options=a|b|c", parsed: { options: ["a", "b", "c"] } },
  { tag: "n,options=[a, b,c]", parsed: { options: ["a", "b", "c"] } },
  { tag: "n,options=", parsed: {} },
  { tag: "n,default=v", parsed: { default: "v" } },
  { tag: "n,default=", parsed: {} },
  { tag: "n,env=NAME", parsed: { env: "NAME" } },
  { tag: "n,range=[1:)", parsed: { range: "[1:)" } },
  { tag: "n,example=a=b", parsed: { example: "a=b" } },
  { tag: "n,omitempty,foo=bar", parsed: {} },
  { tag: "n,optionalfoo", parsed: {} }, // go-zero reads `optional` here.
  { tag: "-", parsed: { key: "-", ignored: true } },
  { tag: ",optional", parsed: { key: "", optional: true } },
];
for (const { tag, parsed } of tags) {
  Deno.test(`parseTag() reads ${JSON.stringify(tag)}`, () => {
    assertEquals<unknown>(parseTag(tag), { ...bare, ...parsed });
  });
}

const wrong: readonly { tag: string; text: string }[] = [
  { tag: "n,default=a=b", text: 'wrong tag value "default"' },
  { tag: "n,options", text: 'wrong tag value "options"' },
  { tag: "n,range", text: 'wrong tag value "range"' },
  { tag: "n,env=A=B", text: 'wrong tag value "env"' },
  { tag: "n,optional=a=b", text: "wrong optional" },
  { tag: "n,optional=!", text: "wrong optional value" },
  { tag: "n,default=x", text: 'Cannot read default of tag: value: parsing "x" as int' },
  { tag: "n,options=1|x", text: "Cannot read options of tag" },
  ...[
    "range=",
    "range=[",
    "range=[:",
    "range=[:]",
    "range={:]",
    "range=[:}",
    "range=[]",
    "range=[a:]",
    "range=[:a]",
    "range=[1,2]",
    "range=[3:1]",
    "range=(3:1]",
    "range=[2:2)",
    "range=(2:2]",
    "range=(2:2)",
    "range=[5:1]",
  ]
    .map((option) => ({ tag: `n,${option}`, text: 'Cannot define field "N": bad range' })),
  { tag: "n,default=5,range=[10:20]", text: "default 5 is outside [10:20]" }, // go-zero lets it pass.
];
for (const { tag, text } of wrong) {
  Deno.test(`fieldFromTag() refuses ${JSON.stringify(tag)}`, () => {
    assertThrows(() => object({ N: fieldFromTag(int(), tag) }), Error, text);
  });
}

/** An object of one field. */
function one<T>(base: Field<T, boolean>, tag: string): ObjectSchema<unknown> {
  return object({ F: fieldFromTag(base, tag) });
}

testRows("fieldFromTag()", [
  {
    name: "uses the field's own name",
    schema: one(string(), ""),
    json: '{"F":"a"}',
    value: { F: "a" },
  },
  { name: "uses the key", schema: one(string(), "f"), json: '{"f":"a"}', value: { F: "a" } },
  { name: "leaves - out", schema: one(string(), "-"), json: '{"F":"a","-":"b"}', value: {} },
  {
    name: "ignores unknown words",
    schema: one(int(), "n,omitempty,foo=bar"),
    json: "{}",
    issues: [["n", "missing", 'field "n" is not set']],
  },
  { name: "reads a default", schema: one(int(), "n,default=5"), json: "{}", value: { F: 5 } },
  {
    name: "reads a span",
    schema: one(duration(), "n,default=1m30s"),
    json: "{}",
    value: { F: 90_000 },
  },
  {
    name: "reads a list of text",
    schema: one(array(string()), "n,default=[a, b,c]"),
    json: "{}",
    value: { F: ["a", "b", "c"] },
  },
  {
    name: "reads a list of numbers",
    schema: one(array(int()), "n,default=[1, 2]"),
    json: "{}",
    value: { F: [1, 2] },
  },
  {
    name: "reads options of numbers",
    schema: one(int(), "n,options=[1,2]"),
    json: '{"n":3}',
    issues: [["n", "options", "[1 2]"]],
  },
  {
    name: "reads string",
    schema: one(boolean(), "n,string"),
    json: '{"n":"TRUE"}',
    value: { F: true },
  },
]);

Deno.test("fieldFromTag() refuses a list of bools that is no JSON", () => {
  assertThrows(() => one(array(boolean()), "n,default=[true,fal]"), SyntaxError, "default of tag");
});

Deno.test("fieldFromTag() keeps the example for documents", () => {
  assertEquals(fieldFromTag(int(), "n,example=7").definition.example, "7");
});
