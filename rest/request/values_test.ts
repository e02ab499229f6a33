/** Tests of cookies and form values, read without a request around them. */
import { assertEquals, assertThrows } from "@std/assert";
import { parseCookies } from "./cookie.ts";
import { FormValues } from "./form.ts";

const cookies: [header: string | null, pairs: [string, string][]][] = [
  [null, []],
  ["", []],
  ["a=b", [["a", "b"]]],
  ["a=b; c=d;e=f", [["a", "b"], ["c", "d"], ["e", "f"]]],
  ["a=1; a=2", [["a", "1"]]],
  ["a=b=c", [["a", "b=c"]]],
  ["a=", [["a", ""]]],
  ["a; =b; ;c=d", [["c", "d"]]],
  ['a="b c"', [["a", "b c"]]],
  ['a="', [["a", '"']]],
  ["a=%41%20", [["a", "A "]]],
  ["a=%zz", [["a", "%zz"]]],
  ["a=%c3%28", [["a", "%c3%28"]]],
  ["__proto__=x; constructor=y", [["__proto__", "x"], ["constructor", "y"]]],
];

for (const [header, pairs] of cookies) {
  Deno.test(`parseCookies() reads ${JSON.stringify(header)}`, () => {
    assertEquals([...parseCookies(header)], pairs);
  });
}

Deno.test("FormValues lists keys, and values one or many", () => {
  const form = new FormValues();
  form.addEncoded("a=1&b=2&b=3&c[]=4&&=5&d&e=&f[]=");
  form.add("g", "6");
  assertEquals([...form.keys()], ["a", "b", "c", "", "g"]);
  assertEquals({ ...form.toObject() }, { a: "1", b: ["2", "3"], c: ["4"], "": "5", g: "6" });
  assertEquals([form.getAll("b"), form.getAll("nope")], [["2", "3"], []]);
});

Deno.test("FormValues does not hand out what it holds", () => {
  const form = new FormValues();
  form.addEncoded("b=2&b=3");
  (form.toObject().b as string[]).push("4");
  assertEquals(form.getAll("b"), ["2", "3"]);
});

for (
  const [text, problem] of [["a=%", "escape"], ["%zz", "escape"], ["a=1;b=2", "semicolon"]] as const
) {
  Deno.test(`FormValues refuses ${text}`, () => {
    assertThrows(() => new FormValues().addEncoded(text), Error, problem);
  });
}

Deno.test("FormValues holds no more than 2048 values, whatever they come from", () => {
  const form = new FormValues();
  for (let n = 0; n < 2048; n++) form.add("a", "1");
  assertThrows(() => form.addEncoded("b=1"), Error, "more than 2048 values");
});
