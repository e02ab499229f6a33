import { assertEquals } from "@std/assert";
import type { Tag } from "./spec.ts";
import { parseTag, splitOptions } from "./tag.ts";

function tags(text: string): Tag[] | string {
  const result = parseTag(text);
  return result.ok ? result.tags : result.message;
}

const wellFormed: { name: string; text: string; expected: Partial<Tag>[] }[] = [
  { name: "nothing", text: " ", expected: [] },
  {
    name: "a name",
    text: 'json:"a"',
    expected: [{ key: "json", name: "a", options: [], raw: "a" }],
  },
  {
    name: "several keys",
    text: 'path:"id" json:"-"',
    expected: [{ key: "path", name: "id" }, { key: "json", name: "-" }],
  },
  {
    name: "an empty name",
    text: 'json:",optional"',
    expected: [{ name: "", options: [{ key: "optional" }] }],
  },
  {
    name: "options with values and spaces",
    text: 'form:"a, optional = !b , default=1"',
    expected: [{
      name: "a",
      options: [{ key: "optional", value: "!b" }, { key: "default", value: "1" }],
    }],
  },
  {
    name: "commas in brackets",
    text: 'json:"a,options=[x,y],range=[0:1),default=[1,2]"',
    expected: [{
      options: [
        { key: "options", value: "x|y" },
        { key: "range", value: "[0:1)" },
        { key: "default", value: "[1,2]" },
      ],
    }],
  },
  {
    name: "other keys untouched",
    text: 'validate:"min=1,max=[2"',
    expected: [{ key: "validate", name: "min=1", options: [], raw: "min=1,max=[2" }],
  },
  { name: "escaped quotes", text: 'db:"a\\"b"', expected: [{ raw: 'a"b' }] },
];

for (const { name, text, expected } of wellFormed) {
  Deno.test(`parseTag() reads ${name}`, () => {
    const found = tags(text);
    assertEquals(Array.isArray(found) && found.length, expected.length);
    for (const [index, part] of expected.entries()) {
      assertEquals(
        Array.isArray(found) && { ...found[index], ...part },
        Array.isArray(found) && { ...found[index] },
      );
    }
  });
}

const malformed = [
  "json:a",
  "json",
  'json:"a',
  '"a"',
  'json: "a"',
  'json:"a" x',
  'json:"a" json:"b"',
  'json:"a,range=[1:2"',
  ':"a"',
];

for (const text of malformed) {
  Deno.test(`parseTag() refuses ${text}`, () => assertEquals(typeof tags(text), "string"));
}

Deno.test("splitOptions() lets any bracket close another", () => {
  assertEquals(splitOptions("a,(1,2],b"), ["a", "(1,2]", "b"]);
  assertEquals(splitOptions("a]"), undefined);
});
