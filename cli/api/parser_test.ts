import { assert, assertEquals } from "@std/assert";
import { parse } from "./parser.ts";
import { summary } from "./testing/program.ts";

function errors(text: string, compat = false): string[] {
  return summary(parse(text, { file: "a.api", compat }).diagnostics);
}

const recovery = [
  {
    name: "in each statement",
    text: "type T {\n  A [x]int\n  B int\n}\ntype U {\n  C map\n}\nservice s {\n  get /p\n}\n",
    expected: ["2:6 E-syntax", "7:1 E-syntax", "9:3 E-syntax"],
  },
  {
    name: "in each member",
    text: "type T {\n  A [x]int\n  B int\n  type string\n  C int;\n}\n",
    expected: ["2:6 E-syntax", "4:3 E-syntax", "5:8 E-syntax"],
  },
  {
    name: "in each route",
    text: "service s {\n  @handler a\n  GET /a\n  @handler b\n  get b\n  @handler c\n  get /c\n}\n",
    expected: ["3:3 E-syntax", "5:7 E-syntax"],
  },
  {
    name: "in each entry of a list",
    text: 'info (\n  a: 1\n  b: "x"\n  c-d: "y"\n)\nimport x\n',
    expected: ["2:6 E-syntax", "4:4 E-syntax", "6:8 E-syntax"],
  },
  {
    name: "after a bracket that is not closed",
    text: "type T {\n  A int\n\ntype U {\n  B int\n}\n\nservice s {\n  get /p\n}\n",
    expected: ["4:1 E-syntax", "9:3 E-syntax"],
  },
  {
    name: "after a service that is not closed",
    text: "service s {\n  @handler h\n  get /p\n\ntype U {\n  B ;\n}\n",
    expected: ["5:1 E-syntax", "6:5 E-syntax"],
  },
  {
    name: "once for a missing end",
    text: "service s {\n  @handler h\n  get /a-",
    expected: ["3:10 E-syntax"],
  },
  {
    name: "once for an illegal token",
    text: "type T {\n  A int \u00fc\n}\n",
    expected: ["2:9 E-token"],
  },
  {
    name: "for each word of the old dialect",
    text: "type T struct {\n A struct {\n B int\n}\n}",
    expected: ["1:8 E-legacy", "2:4 E-legacy"],
  },
];

for (const { name, text, expected } of recovery) {
  Deno.test(`parse() reports an error ${name}`, () => assertEquals(errors(text), expected));
}

Deno.test("parse() keeps what it could read", () => {
  const { statements } = parse("type T {\n A int\n}\nnonsense\ntype U {}\n", { file: "a.api" });
  assertEquals(statements.map((statement) => statement.kind), ["type", "type"]);
});

Deno.test("parse() gives up after fifty errors", () => {
  const text = Array.from({ length: 500 }, () => "type T {\n A ;\n}\n").join("");
  assertEquals(errors(text).length, 50);
});

const deep = [
  { name: "lists", text: `type T {\n A ${"[]".repeat(10_000)}int\n}` },
  { name: "pointers", text: `type T {\n A ${"*".repeat(10_000)}int\n}` },
  { name: "maps", text: `type T {\n A ${"map[int]".repeat(10_000)}int\n}` },
  { name: "map keys", text: `type T {\n A ${"map[".repeat(10_000)}` },
  { name: "structures", text: `type T ${"{ A ".repeat(10_000)}` },
  { name: "structures of the old dialect", text: `type T ${"struct { A ".repeat(10_000)}` },
];

for (const { name, text } of deep) {
  Deno.test(`parse() refuses ${name} nested ten thousand deep`, () => {
    assert(errors(text).some((error) => error.endsWith("E-too-deep")), errors(text).join());
  });
}

Deno.test("parse() accepts types nested 150 deep", () => {
  assertEquals(errors(`type T {\n A ${"[]".repeat(150)}int\n}`), []);
});

const hints = [
  {
    name: "a method in capitals",
    text: "service s {\n@handler h\nGET /p\n}",
    hint: /lower case: get/,
  },
  {
    name: "a path that is a comment",
    text: "service s {\n@handler h\nget //p\n}",
    hint: /comment/,
  },
  {
    name: "a request without parentheses",
    text: "service s {\n@handler h\nget /p Req\n}",
    hint: /parentheses/,
  },
  { name: "a parameter in braces", text: "service s {\n@handler h\nget /{id}\n}", hint: /:name/ },
  { name: "interface with a space", text: "type T {\nA interface {}\n}", hint: /without a space/ },
  {
    name: "@doc in the wrong place",
    text: 'service s {\n@handler h\n@doc "x"\nget /p\n}',
    hint: /before @handler/,
  },
  { name: "a value without quotes", text: "info (\n n: 12\n)", hint: /--compat/ },
];

for (const { name, text, hint } of hints) {
  Deno.test(`parse() knows a remedy for ${name}`, () => {
    const [first] = parse(text, { file: "a.api" }).diagnostics;
    assert(hint.test(first?.hint ?? ""), JSON.stringify(first));
  });
}
