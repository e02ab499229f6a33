/**
 * The tag `validate`: `.api` text to the TypeScript type and to the schema.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { compileApi } from "../../../api/compile.ts";
import { parseStyle } from "../../naming.ts";
import type { Int64Mode } from "../options.ts";
import { planRestServer } from "../rest_server.ts";

/** Type and schema of one member of a request, and the rules that are in neither. */
function generate(member: string, int64: Int64Mode = "number") {
  const text = `type Other {\n\tX int \`json:"x"\`\n}\n\ntype Req {\n\t${member}\n}\n\n` +
    `service s {\n\t@handler h\n\tpost /p (Req)\n}\n`;
  const { spec, diagnostics } = compileApi("/s.api", { readFile: () => text });
  assertEquals(diagnostics.filter(({ severity }) => severity === "error"), []);
  const off = { typeGroup: false, handlers: false, tests: false, flags: [], link: undefined };
  const plan = planRestServer(spec!, {
    source: "s.api",
    style: parseStyle("go_zero"),
    int64,
    ...off,
  });
  const [type, schema] = ["types", "schema"].map((name) => {
    const { content } = plan.files.find(({ path }) => path.endsWith(`/${name}.gen.ts`))!;
    const body = /(?:interface Req|const req: .*?) .*?\{\n(.*?)\n\}/s.exec(content)?.[1] ?? "";
    return body.replace(/^\s*a\??: /, (head) => head.trim().includes("?") ? "?" : "")
      .replace(/\n\s*/g, "").replace(/[;,]$/, "");
  });
  const unknown = plan.diagnostics.map(({ code, line, message }) => {
    assertEquals([code, line], ["W-validate-rule", 6]);
    return /rule "(.*?)" of/.exec(message)?.[1];
  });
  return { type, schema, unknown };
}

const rows: [member: string, type: string, schema: string][] = [
  ['A string `json:"a" validate:"required"`', "string", "string().check(rules.notEmpty)"],
  ['A int `json:"a" validate:"required"`', "number", "int().check(rules.notZero)"],
  ['A bool `json:"a" validate:"required"`', "boolean", "boolean().check(rules.isTrue)"],
  ['A []int `json:"a" validate:"required"`', "number[]", "array(int())"],
  ['A Other `json:"a" validate:"required"`', "Other", "other"],
  ['A *string `json:"a" validate:"required"`', "string", "string()"],
  ['A string `json:"a,optional" validate:"required"`', "string", "string().check(rules.notEmpty)"],
  ['A *int `json:"a,optional" validate:"required"`', "number", "int()"],
  [
    'A string `json:"a" validate:"min=3,max=10"`',
    "string",
    "string().check(rules.minLength(3)).check(rules.maxLength(10))",
  ],
  [
    'A string `json:"a" validate:"gt=3,lt=10"`',
    "string",
    "string().check(rules.minLength(4)).check(rules.maxLength(9))",
  ],
  ['A string `json:"a" validate:"len=3"`', "string", "string().check(rules.exactLength(3))"],
  [
    'A []string `json:"a" validate:"gte=1,lte=5"`',
    "string[]",
    "array(string()).check(rules.minItems(1)).check(rules.maxItems(5))",
  ],
  ['A []byte `json:"a" validate:"max=16"`', "Uint8Array", "bytes().check(rules.maxItems(16))"],
  [
    'A map[string]int `json:"a" validate:"min=1"`',
    "Record<string, number>",
    "map(int()).check(rules.minEntries(1))",
  ],
  ['A int `json:"a" validate:"min=1,max=10"`', "number", 'int().range("[1:10]")'],
  ['A int `json:"a" validate:"gt=1,lt=10"`', "number", 'int().range("(1:10)")'],
  ['A float64 `json:"a" validate:"gte=0.5"`', "number", 'float64().range("[0.5:]")'],
  ['A float64 `json:"a" validate:"lte=-2"`', "number", 'float64().range("[:-2]")'],
  ['A int `json:"a" validate:"len=7"`', "number", 'int().range("[7:7]")'],
  [
    'A int `json:"a" validate:"min=5,max=1"`',
    "number",
    "int().check(rules.atLeast(5)).check(rules.atMost(1))",
  ],
  [
    'A int `json:"a,range=[0:9]" validate:"gt=2,lt=5"`',
    "number",
    'int().range("[0:9]").check(rules.moreThan(2)).check(rules.lessThan(5))',
  ],
  [
    'A int `json:"a,default=0" validate:"min=1"`',
    "number",
    "int().check(rules.atLeast(1)).default(0)",
  ],
  [
    'A int `form:"a,optional" validate:"omitempty,min=10"`',
    "?number",
    'int().check(rules.unlessEmpty(rules.atLeast(10))).optional().in("form")',
  ],
  [
    'A string `json:"a,optional" validate:"omitempty,email"`',
    "?string",
    "string().check(rules.unlessEmpty(rules.email)).optional()",
  ],
  [
    'A *string `json:"a,optional" validate:"omitempty,email"`',
    "?string",
    "string().check(rules.email).optional()",
  ],
  [
    'A []int `json:"a,optional" validate:"omitempty,min=2"`',
    "?number[]",
    "array(int()).check(rules.minItems(2)).optional()",
  ],
  [
    'A string `json:"a" validate:"oneof=red \'dark red\' blue"`',
    '"red" | "dark red" | "blue"',
    'string().options(["red", "dark red", "blue"])',
  ],
  ['A int `json:"a" validate:"oneof=1 2"`', "1 | 2", "int().options([1, 2])"],
  [
    'A string `json:"a" validate:"omitempty,oneof=x y"`',
    '"x" | "y" | ""',
    'string().options(["x", "y", ""])',
  ],
  [
    'A string `json:"a,options=x|y|z" validate:"oneof=x y w"`',
    '"x" | "y"',
    'string().options(["x", "y"])',
  ],
  [
    'A string `json:"a,default=x" validate:"oneof=x y"`',
    '"x" | "y"',
    'string().options(["x", "y"]).default("x")',
  ],
  [
    'A []string `json:"a" validate:"min=1,dive,required,max=5"`',
    "string[]",
    "array(string().check(rules.notEmpty).check(rules.maxLength(5))).check(rules.minItems(1))",
  ],
  [
    'A []int `json:"a" validate:"dive,min=1,max=6"`',
    "number[]",
    'array(int().range("[1:6]"))',
  ],
  [
    'A []string `json:"a" validate:"dive,oneof=x y"`',
    "string[]",
    'array(string().options(["x", "y"]))',
  ],
  [
    'A [][]string `json:"a" validate:"dive,min=1,dive,email"`',
    "string[][]",
    "array(array(string().check(rules.email)).check(rules.minItems(1)))",
  ],
  [
    'A map[string]string `json:"a" validate:"dive,url"`',
    "Record<string, string>",
    "map(string().check(rules.url))",
  ],
  ['A []Other `json:"a" validate:"dive"`', "Other[]", "array(other)"],
  ['A []int `json:"a" validate:"unique"`', "number[]", "array(int()).check(rules.unique)"],
  ['A string `json:"a" validate:"uuid"`', "string", "string().check(rules.uuid)"],
  ['A string `json:"a" validate:"alphanum"`', "string", "string().check(rules.alphanumeric)"],
  ['A string `json:"a" validate:"numeric"`', "string", "string().check(rules.numeric)"],
  ['A int `json:"a" validate:"numeric"`', "number", "int()"],
  [
    'A string `json:"a" validate:"ip"`',
    "string",
    "string().check(rules.anyOf(rules.ipv4, rules.ipv6))",
  ],
  [
    'A string `json:"a" validate:"email|e164"`',
    "string",
    "string().check(rules.anyOf(rules.email, rules.phoneNumber))",
  ],
  ['A string `json:"a" validate:"json"`', "string", "string().check(rules.jsonText)"],
  [
    'A string `json:"a" validate:"contains=a0x2Cb,startswith=\'"`',
    "string",
    'string().check(rules.contains("a,b")).check(rules.startsWith("\'"))',
  ],
  ['A string `json:"a" validate:"ne=no"`', "string", 'string().check(rules.notEqualTo("no"))'],
  ['A int `json:"a" validate:"eq=3"`', "number", "int().check(rules.equalTo(3))"],
  ['A string `json:"a" validate:"-"`', "string", "string()"],
  ['A string `json:"a" validate:""`', "string", "string()"],
];
for (const [member, type, schema] of rows) {
  Deno.test(`generated request for ${member}`, () => {
    assertEquals(generate(member), { type, schema, unknown: [] });
  });
}

const wide: [int64: Int64Mode, member: string, schema: string, unknown: string[]][] = [
  ["bigint", 'A int64 `json:"a" validate:"min=1"`', 'bigint().range("[1:]")', []],
  ["bigint", 'A int64 `json:"a" validate:"eq=1"`', "bigint().check(rules.equalTo(1n))", []],
  [
    "bigint",
    'A []int64 `json:"a" validate:"len=1"`',
    "array(bigint()).check(rules.exactItems(1))",
    [],
  ],
  ["string", 'A int64 `json:"a" validate:"min=1"`', "string().check(int64Text)", ["min=1"]],
];
for (const [int64, member, schema, unknown] of wide) {
  Deno.test(`generated request with --int64 ${int64} for ${member}`, () => {
    const found = generate(member, int64);
    assertEquals([found.schema, found.unknown], [schema, unknown]);
  });
}

const unknown: [rules: string, type: string, unknown: string[]][] = [
  ["required,eqfield=B,min=1", "string", ["eqfield=B"]],
  ["required_if=B x", "string", ["required_if=B x"]],
  ["min=x", "int", ["min=x"]],
  ["min=-1", "string", ["min=-1"]],
  ["min", "int", ["min"]],
  ["oneof=a b", "int", ["oneof=a b"]],
  ["email|nothing", "string", ["email|nothing"]],
  ["email", "int", ["email"]],
  ["dive,min=1", "string", ["dive"]],
  ["oneof=x y", "[]string", ["oneof=x y"]],
  ["unique", "[]Other", ["unique"]],
  ["toString,constructor", "string", ["toString", "constructor"]],
];
for (const [rules, type, expected] of unknown) {
  Deno.test(`validate:"${rules}" of ${type} leaves ${expected.join(", ")} with a warning`, () => {
    assertEquals(generate(`A ${type} \`json:"a" validate:"${rules}"\``).unknown, expected);
  });
}

Deno.test("a default that oneof does not allow leaves oneof with a warning", () => {
  const found = generate('A string `json:"a,default=z" validate:"oneof=x y"`');
  assertEquals([found.schema, found.unknown], ['string().default("z")', ["oneof=x y"]]);
});
