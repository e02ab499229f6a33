/**
 * The mapping of members: `.api` text to the TypeScript type and to the schema.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { compileApi } from "../../api/compile.ts";
import { parseStyle } from "../naming.ts";
import type { Int64Mode } from "./options.ts";
import { planRestServer } from "./rest_server.ts";

/** The lines of `types.gen.ts` and `schema.gen.ts` that stand for the members of the request. */
function generate(members: string, int64: Int64Mode = "number", response = ""): string[][] {
  const text = `type Other {\n\tX int \`json:"x"\`\n\tY string \`json:"y,default=z"\`\n}\n` +
    `type Req {\n${members}\n}\n` +
    `service s {\n@handler h\npost /p/:p (Req) ${response}\n}\n`;
  const { spec, diagnostics } = compileApi("/s.api", { readFile: () => text });
  assertEquals(diagnostics.filter(({ severity }) => severity === "error"), []);
  const style = parseStyle("go_zero");
  const off = { typeGroup: false, handlers: false, tests: false, flags: [], link: undefined };
  const plan = planRestServer(spec!, { source: "s.api", style, int64, ...off });
  assertEquals(plan.diagnostics, []);
  return ["types", "schema"].map((name) => {
    const { content } = plan.files.find(({ path }) => path.endsWith(`/${name}.gen.ts`))!;
    const body = /(?:interface Req|const req: .*?) .*?\{\n(.*?)\n\}/s.exec(content)?.[1] ?? "";
    return body.split("\n").map((line) => line.trim());
  });
}

const rows = [
  { api: 'A string `json:"a"`', type: "a: string;", schema: "a: string()," },
  { api: "A string", type: "A: string;", schema: "A: string()," },
  { api: 'A string `json:",optional"`', type: "A?: string;", schema: "A: string().optional()," },
  { api: 'A string `json:"a,omitempty"`', type: "a: string;", schema: "a: string()," },
  { api: 'A bool `json:"a-b"`', type: '"a-b": boolean;', schema: '"a-b": boolean(),' },
  { api: 'A byte `json:"a"`', type: "a: number;", schema: "a: uint8()," },
  { api: 'A rune `json:"a"`', type: "a: number;", schema: "a: int32()," },
  { api: 'A float32 `json:"a"`', type: "a: number;", schema: "a: float32()," },
  { api: 'A []byte `json:"a"`', type: "a: Uint8Array;", schema: "a: bytes()," },
  { api: 'A [3]int `json:"a"`', type: "a: number[];", schema: "a: array(int(), { length: 3 })," },
  { api: 'A [][]bool `json:"a"`', type: "a: boolean[][];", schema: "a: array(array(boolean()))," },
  {
    api: 'A map[string]int8 `json:"a"`',
    type: "a: Record<string, number>;",
    schema: "a: map(int8()),",
  },
  {
    api: 'A map[int]string `json:"a"`',
    type: "a: Record<number, string>;",
    schema: 'a: map(string(), { key: "int" }),',
  },
  { api: 'A interface{} `json:"a"`', type: "a: unknown;", schema: "a: any()," },
  { api: 'A *Other `json:"a"`', type: "a: Other;", schema: "a: other," },
  { api: 'A *Req `json:"a,optional"`', type: "a?: Req;", schema: "a: lazy(() => req).optional()," },
  {
    api: 'A string `json:"a,options=x|y"`',
    type: 'a: "x" | "y";',
    schema: 'a: string().options(["x", "y"]),',
  },
  {
    api: 'A int `json:"a,options=[1,2],default=2"`',
    type: "a: 1 | 2;",
    schema: "a: int().options([1, 2]).default(2),",
  },
  {
    api: 'A int16 `json:"a,range=(0:9],optional"`',
    type: "a?: number;",
    schema: 'a: int16().range("(0:9]").optional(),',
  },
  {
    api: 'A []string `json:"a,default=[x,y]"`',
    type: "a: string[];",
    schema: 'a: array(string()).default(["x", "y"]),',
  },
  { api: 'A int `json:"a,string"`', type: "a: number;", schema: "a: int().asString()," },
  { api: 'A string `path:"p"`', type: "p: string;", schema: 'p: string().in("path"),' },
  { api: 'A int `form:"page_no"`', type: "page_no: number;", schema: 'page_no: int().in("form"),' },
  {
    api: 'PageNo int `form:"page-no"`',
    type: "pageNo: number;",
    schema: 'pageNo: int().in("form", "page-no"),',
  },
  {
    api: 'RequestID string `header:"X-Request-Id"`',
    type: "requestID: string;",
    schema: 'requestID: string().in("header", "X-Request-Id"),',
  },
  {
    api: 'A string `path:"p" json:"a"`',
    type: "a: string;",
    schema: 'a: string().in("path", "p").in("json"),',
  },
];
for (const { api, type, schema } of rows) {
  Deno.test(`generated request for ${api}`, () => {
    assertEquals(generate(`\t${api}`), [[type], [schema]]);
  });
}

const wide = [
  {
    int64: "number",
    api: 'A int64 `json:"a,default=5"`',
    type: "number",
    schema: "int64().default(5)",
  },
  {
    int64: "bigint",
    api: 'A int64 `json:"a,default=5"`',
    type: "bigint",
    schema: "bigint().default(5n)",
  },
  {
    int64: "bigint",
    api: 'A int32 `json:"a,default=5"`',
    type: "number",
    schema: "int32().default(5)",
  },
  {
    int64: "string",
    api: 'A uint `json:"a,default=5"`',
    type: "string",
    schema: 'string().check(uint64Text).default("5")',
  },
] as const;
for (const { int64, api, type, schema } of wide) {
  Deno.test(`generated request with --int64 ${int64} for ${api}`, () => {
    assertEquals(generate(`\t${api}`, int64), [[`a: ${type};`], [`a: ${schema},`]]);
  });
}

Deno.test("generated request flattens embedded structures, and a member hides theirs", () => {
  assertEquals(generate('\tOther\n\tY int `json:"y"`'), [
    ["x: number;", "y: number;"],
    ["x: int(),", "y: int(),"],
  ]);
});

Deno.test("generated request takes an optional embedded structure as a whole", () => {
  assertEquals(generate('\t*Other `json:",optional"`\n\tB int `json:"b"`'), [
    ["x?: number;", "y?: string;", "b: number;"],
    ['...optionalGroup("Other", {', "x: int(),", 'y: string().default("z"),', "}),", "b: int(),"],
  ]);
});

Deno.test("generated responses may hold null where the .api file has a pointer", () => {
  const [types] = generate(
    '\tA *int `json:"a"`\n\tB []*Other `json:"b"`',
    "number",
    "returns (Req)",
  );
  assertEquals(types, ["a: number | null;", "b: (Other | null)[];"]);
});
