import { assertEquals } from "@std/assert";
import { splitJson } from "./split_json.ts";

const rows: [text: string, documents: string[]][] = [
  ["", []],
  [" \n\t", []],
  ["{}", ["{}"]],
  ["{}{}", ["{}", "{}"]],
  ['{"a":"}{"}\n[1,{"b":"\\""}]', ['{"a":"}{"}', '[1,{"b":"\\""}]']],
  ["1 2\n3", ["1", "2", "3"]],
  ['"a b" "c"', ['"a b"', '"c"']],
  ["{", ["{"]],
  ["}{", ["}", "{"]],
  ["{}]{}", ["{}", "]", "{}"]],
  ['{"a', ['{"a']],
  ["true{}", ["true{}"]],
];

for (const [text, documents] of rows) {
  Deno.test(`splitJson() splits ${JSON.stringify(text)}`, () => {
    assertEquals(splitJson(text), documents);
  });
}

Deno.test("splitJson() loses nothing but white space", () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  console.log(`seed ${seed}`);
  let state = seed;
  const next = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * n);
  };
  for (let round = 0; round < 20_000; round++) {
    let text = "";
    for (let n = next(12); n > 0; n--) {
      text += ["{", "}", "[", "]", '"', "\\", " ", "a", ",", "1"][next(10)];
    }
    assertEquals(splitJson(text).join("").replace(/\s/g, ""), text.replace(/\s/g, ""), text);
  }
});
