import { assertEquals } from "@std/assert";
import { formatAttributes, parseAttributes } from "./attribute_list.ts";

const lists: [text: string, attributes: [string, string][]][] = [
  ["", []],
  ["key=value", [["key", "value"]]],
  ["key=value;", [["key", "value"]]],
  ["key=value;foo", [["key", "value"]]],
  ["a=b=c", [["a", "b=c"]]],
  [" a=1 ;\tb=2;; c = 3", [["a", "1"], ["b", "2"], ["c ", " 3"]]],
  ["a=1;A=2;a=3", [["a", "3"], ["A", "2"]]],
  ['a="1"', [["a", '"1"']]],
  ["__proto__=1", [["__proto__", "1"]]],
];

for (const [text, attributes] of lists) {
  Deno.test(`parseAttributes() reads ${JSON.stringify(text)}`, () => {
    assertEquals([...parseAttributes(text)], attributes);
  });
}

Deno.test("parseAttributes() reads what formatAttributes() writes, and takes any text", () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  console.log(`seed ${seed}`);
  let state = seed;
  const next = (n: number) => (state = (state * 1664525 + 1013904223) >>> 0) % n;
  const alphabet = 'ab=;= "\\\t\u00e9\u{1f600}\0';
  const text = (length: number, chars: string) =>
    Array.from({ length }, () => chars[next(chars.length)]).join("");
  for (let i = 0; i < 20_000; i++) {
    const noise = text(next(40), alphabet);
    for (const [name, value] of parseAttributes(noise)) {
      assertEquals([name.includes("="), `${name}${value}`.includes(";")], [false, false], noise);
    }
    const attributes = { [text(1 + next(5), "abc")]: text(next(9), "xyz=") };
    const read = parseAttributes(formatAttributes(attributes));
    assertEquals(Object.fromEntries(read), attributes);
  }
});
