import { assert, assertEquals } from "@std/assert";
import { maskJson } from "./_mask_json.ts";

const isSecret = (name: string) => name === "secret";

const rows: [name: string, from: string, to: string][] = [
  ["nothing", '{"a":"secret","b":[1,{"c":null}]}', '{"a":"secret","b":[1,{"c":null}]}'],
  ["text", '{"secret":"x","a":1}', '{"secret":"***","a":1}'],
  ["text with quotes and commas", '{"secret":"a\\",b\\\\","a":1}', '{"secret":"***","a":1}'],
  ["numbers and words", '[{"secret":1},{"secret":null}]', '[{"secret":"***"},{"secret":"***"}]'],
  ["lists", '{"secret":["a",["b"],{"c":"]"}],"a":1}', '{"secret":"***","a":1}'],
  ["objects", '{"secret":{"secret":"}"},"a":1}', '{"secret":"***","a":1}'],
  ["white space", '{ "secret" :\n "x" , "a" : 1 }', '{ "secret" :\n "***", "a" : 1 }'],
  ["a name in disguise", '{"s\\u0065cret":"x"}', '{"s\\u0065cret":"***"}'],
  ["depths", '{"a":{"b":[{"secret":"x"}]}}', '{"a":{"b":[{"secret":"***"}]}}'],
  ["text that is cut off", '{"a":1,"secret":"xy', '{"a":1,"secret":"***"'],
  ["a list that is cut off", '{"a":1,"secret":["x","y', '{"a":1,"secret":"***"'],
  ["a name that is cut off", '{"a":1,"secr', '{"a":1,"secr'],
  ["no JSON", "secret: x", "secret: x"],
];
for (const [name, from, to] of rows) {
  Deno.test(`maskJson() masks ${name}`, () => assertEquals(maskJson(from, isSecret), to));
}

Deno.test("maskJson() masks random JSON, wherever it is cut off", () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  let state = seed;
  const random = (below: number) => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
  const texts = ['"', "\\", "a,b", "}]", "{[", "secret", '":', "é\n"];
  const value = (depth: number, text: () => string): unknown => {
    switch (random(depth > 3 ? 3 : 6)) {
      case 0:
        return text();
      case 1:
        return random(2) === 0 ? null : random(1000);
      case 2:
        return text() + text();
      case 3:
        return Array.from({ length: random(4) }, () => value(depth + 1, text));
      default:
        return Object.fromEntries(
          Array.from({ length: random(4) }, (_, at) => [`${text()}${at}`, value(depth + 1, text)]),
        );
    }
  };
  const plain = () => texts[random(texts.length)]!;
  for (let run = 0; run < 300; run++) {
    const document = [value(0, plain), {
      before: value(0, plain),
      secret: value(0, () => `HIDDEN${plain()}`),
    }, {
      secret: "HIDDEN",
    }];
    const text = JSON.stringify(document, null, random(3));
    const masked = maskJson(text, isSecret);
    const expected = JSON.stringify([document[0], { ...document[1] as object, secret: "***" }, {
      secret: "***",
    }]);
    assertEquals(JSON.stringify(JSON.parse(masked)), expected, `seed ${seed}, run ${run}`);
    const cut = maskJson(text.slice(0, random(text.length)), isSecret);
    assert(!cut.includes("HIDDEN"), `seed ${seed}, run ${run}: ${cut}`);
  }
});

Deno.test("maskJson() looks at each character once", () => {
  const began = performance.now();
  for (const part of ['"', "\\", '"a":', '{"secret":', '["', '\\"']) {
    maskJson(part.repeat(100_000), isSecret);
  }
  assert(performance.now() - began < 2000);
});
