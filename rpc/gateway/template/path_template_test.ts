import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseTemplate, type PathTemplate } from "./path_template.ts";

/** A template in short: fixed text, `*`, `**`, and what the variables take. */
function shape({ segments, variables, verb }: PathTemplate): string {
  const parts = segments.map((segment) =>
    segment.kind === "literal" ? segment.text : segment.kind === "one" ? "*" : "**"
  );
  const taken = variables.map(({ fieldPath, from, to }) => `${fieldPath.join(".")}=${from}..${to}`);
  return `/${parts.join("/")}${verb && ":" + verb}${taken.length ? ` ${taken.join(" ")}` : ""}`;
}

const good: [text: string, shape: string][] = [
  ["/", "/"],
  ["/v1", "/v1"],
  ["/v1/messages", "/v1/messages"],
  ["/v1/{id}", "/v1/* id=1..2"],
  ["/v1/{id=*}", "/v1/* id=1..2"],
  ["/v1/{name=messages/*}", "/v1/messages/* name=1..3"],
  ["/v1/{name=shelves/*/books/*}:get", "/v1/shelves/*/books/*:get name=1..5"],
  ["/v1/{a.b.c=x}/y", "/v1/x/y a.b.c=1..2"],
  ["/{a}/{b}/{c=d/*}", "/*/*/d/* a=0..1 b=1..2 c=2..4"],
  ["/v1/{path=**}", "/v1/** path=1..Infinity"],
  ["/v1/{path=a/**}:run", "/v1/a/**:run path=1..Infinity"],
  ["/v1/*/x", "/v1/*/x"],
  ["/v1/**", "/v1/**"],
  ["/**", "/**"],
  ["/v1/a:b", "/v1/a:b"],
  ["/v1/a:b:c", "/v1/a:b:c"],
  ["/v1/a:b/c", "/v1/a:b/c"],
  ["/v1/{_x9}", "/v1/* _x9=1..2"],
  ["/v1/a%20b", "/v1/a b"],
  ["/v1/a%2fb%25", "/v1/a%2Fb%25"],
  ["/v1/~!$&'()+,;@-._", "/v1/~!$&'()+,;@-._"],
];

for (const [text, expected] of good) {
  Deno.test(`parseTemplate() reads ${text}`, () => {
    assertEquals(shape(parseTemplate(text)), expected);
  });
}

Deno.test("parseTemplate() takes the last colon for the verb", () => {
  const { segments, verb } = parseTemplate("/v1/a:b:c");
  assertEquals([segments.at(-1), verb], [{ kind: "literal", text: "a:b" }, "c"]);
});

const bad: [text: string, problem: string][] = [
  ["", 'need "/" at character 1'],
  ["v1/messages", 'need "/" at character 1'],
  ["//", "need a segment or { at character 2"],
  ["/v1/", "need a segment or { at character 5"],
  ["/v1//a", "need a segment or { at character 5"],
  ["/{", "need the name of a field at character 3"],
  ["/{}", "need the name of a field"],
  ["/{name", 'need "}" at character 7'],
  ["/{name=", "need a segment at character 8"],
  ["/{name=}", "need a segment at character 8"],
  ["/{name=a", 'need "}"'],
  ["/{name=a/}", "need a segment"],
  ["/{name}}", "unexpected text at character 8"],
  ["/{a=b}}", "unexpected text"],
  ["/{a={b}}", "need a segment"],
  ["/{a=b/{c=d}}", "need a segment"],
  ["/{a.}", "need the name of a field"],
  ["/{.a}", "need the name of a field"],
  ["/{1a}", "need the name of a field"],
  ["/{a b}", 'need "}"'],
  ["/{a}{b}", "unexpected text"],
  ["/{a}b", "unexpected text"],
  ["/a{b}", "unexpected text"],
  ["/**/a", "nothing may follow **"],
  ["/{a=**}/b", "nothing may follow **"],
  ["/{a=**/b}", "nothing may follow **"],
  ["/a*", "unexpected text"],
  ["/*a", "unexpected text"],
  ["/***", "unexpected text"],
  ["/a:", "need a verb behind the colon"],
  ["/{a}:", "need a verb behind the colon"],
  ["/{a}:b/c", "unexpected text"],
  ["/{a}:*", "need a verb"],
  ["/a b", "unexpected text"],
  ["/a?b", "unexpected text"],
  ["/a#b", "unexpected text"],
  ["/a%", "unexpected text"],
  ["/a%zz", "unexpected text"],
  ["/a%FF", "a percent-escape that is not UTF-8"],
  ["/ä", "need a segment or {"],
  ["/{a}/{a}", "variable a is there twice"],
  ["/{a.b}/{a.b=c}", "variable a.b is there twice"],
];

for (const [text, problem] of bad) {
  Deno.test(`parseTemplate() refuses ${JSON.stringify(text)}`, () => {
    const error = assertThrows(() => parseTemplate(text), SyntaxError);
    assert(error.message.startsWith("Cannot parse path template "), error.message);
    assert(error.message.includes(problem), error.message);
  });
}

Deno.test("parseTemplate() gives templates that hold together, or a SyntaxError", () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  console.log(`seed ${seed}`);
  let state = seed;
  const next = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * n);
  };
  const pieces = [
    "/",
    "/",
    "a",
    "v1",
    "*",
    "**",
    "{",
    "}",
    "=",
    ".",
    ":",
    "%20",
    "%",
    "é",
    "x_y",
    "{a}",
    "{b.c=d/*}",
  ];
  let read = 0;
  for (let round = 0; round < 50_000; round++) {
    let text = next(4) ? "/" : "";
    for (let n = next(8); n > 0; n--) text += pieces[next(pieces.length)];
    let template: PathTemplate;
    try {
      template = parseTemplate(text);
    } catch (error) {
      assert(error instanceof SyntaxError, `${text}: ${error}`);
      continue;
    }
    read++;
    const { segments, variables } = template;
    assert(segments.every(({ kind }, at) => kind !== "rest" || at === segments.length - 1), text);
    for (const { from, to } of variables) {
      assert(from < to && (to === Infinity || to <= segments.length), text);
    }
  }
  assert(read > 500, `only ${read} were templates`);
});
