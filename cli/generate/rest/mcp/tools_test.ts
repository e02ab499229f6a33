/**
 * Routes as tools: which are chosen, what they are called, and which cannot be.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { compileApi } from "../../../api/compile.ts";
import { parseStyle } from "../../naming.ts";
import type { Change } from "../../writer.ts";
import { planRestServer } from "../rest_server.ts";
import { TOOLS_PATH } from "./tools_files.ts";
import { wiringHint } from "./wiring.ts";

const TYPES = `type Req {
	Id int \`path:"id"\`
}

type Both {
	Id   int    \`path:"id"\`
	Name string \`json:"name"\`
}

type Maybe {
	Id int \`path:"id,optional"\`
}
`;

const TYPE_LINES = TYPES.split("\n").length - 1;

/** Generates from service blocks, each the text of its \`@server\` and of its routes. */
function generate(...blocks: [server: string, routes: string][]) {
  const services = blocks.map(([server, routes]) =>
    `@server (\n${server}\n)\nservice s {\n${routes}\n}\n`
  );
  const { spec, diagnostics } = compileApi("/s.api", { readFile: () => TYPES + services.join("") });
  assertEquals(diagnostics.filter(({ severity }) => severity === "error"), []);
  const off = { typeGroup: false, handlers: false, tests: false, flags: [], link: undefined };
  const style = parseStyle("go_zero");
  return planRestServer(spec!, { source: "s.api", style, int64: "number", ...off });
}

/** Names and descriptions of the tools of a plan. */
function toolsOf({ files }: ReturnType<typeof generate>): string[] {
  const text = files.find(({ path }) => path === TOOLS_PATH)?.content ?? "";
  return [...text.matchAll(/name: "(.*?)",(?:\n\s*description:\s*(.*?),\n)?/g)]
    .map(([, name, about]) => about === undefined ? name! : `${name}: ${about}`);
}

const choices: { name: string; blocks: [string, string][]; tools: string[] }[] = [
  { name: "none without the word", blocks: [["group: a", "@handler h\nget /h"]], tools: [] },
  { name: "none of mcp: false", blocks: [["mcp: false", "@handler h\nget /h"]], tools: [] },
  {
    name: "all of a group",
    blocks: [["mcp: true", "@handler one\nget /1\n@handler two\nget /2"]],
    tools: ["one", "two"],
  },
  {
    name: "all of a group but one",
    blocks: [["mcp: true", '@doc (mcp: "false")\n@handler one\nget /1\n@handler two\nget /2']],
    tools: ["two"],
  },
  {
    name: "one of a group",
    blocks: [["group: a", '@doc (mcp: "true")\n@handler one\nget /1\n@handler two\nget /2']],
    tools: ["one"],
  },
  {
    name: "handlers in lower camel case",
    blocks: [["mcp: true", "@handler GetUserIDHandler\nget /1"]],
    tools: ["getUserID"],
  },
  {
    name: "the group before what two groups call the same",
    blocks: [
      ["mcp: true", "@handler list\nget /1"],
      ["mcp: true\ngroup: admin/user", "@handler list\nget /2\n@handler other\nget /3"],
    ],
    tools: ["list", "adminUserList", "other"],
  },
  {
    name: "different names for what would be the same",
    blocks: [
      ["mcp: true", "@handler aList\nget /1\n@handler list\nget /2"],
      ["mcp: true\ngroup: a", "@handler list\nget /3"],
    ],
    tools: ["aList", "list", "aList_"],
  },
  {
    name: "what @doc says of them",
    blocks: [["mcp: true", '@doc "Says hi"\n// No "hi"\n@handler h\nget /h']],
    tools: ['h: "Says hi"'],
  },
  {
    name: "the summary",
    blocks: [["mcp: true", '@doc (summary: "Says hi" mcp: "true")\n@handler h\nget /h']],
    tools: ['h: "Says hi"'],
  },
  {
    name: "comments above them, line by line",
    blocks: [["mcp: true", '// Says "hi"\n// to all\n@handler h\nget /h']],
    tools: [`h: 'Says "hi"\\nto all'`],
  },
];
for (const { name, blocks, tools } of choices) {
  Deno.test(`planRestServer() makes tools of ${name}`, () => {
    const plan = generate(...blocks);
    assertEquals([toolsOf(plan), plan.diagnostics], [tools, []]);
  });
}

const refused: { name: string; server: string; routes: string; found: string[] }[] = [
  {
    name: "streams of a group",
    server: "mcp: true\nsse: true",
    routes:
      '@handler h\nget /h returns (Req)\n@doc (mcp: "false")\n@handler i\nget /i returns (Req)',
    found: ["7:1 E-mcp-stream"],
  },
  {
    name: "one stream",
    server: "sse: true",
    routes:
      '@doc (mcp: "true")\n@handler h\nget /h returns (Req)\n@handler i\nget /i returns (Req)',
    found: ["7:1 E-mcp-stream"],
  },
  {
    name: "HEAD",
    server: "mcp: true",
    routes: "@handler h\nhead /h",
    found: ["6:1 E-mcp-method"],
  },
  {
    name: "GET with a body",
    server: "mcp: true",
    routes: "@handler h\nget /h/:id (Both)\n@handler i\npost /h/:id (Both)",
    found: ["6:1 E-mcp-body"],
  },
  {
    name: "a variable without a member",
    server: "mcp: true\nprefix: /:who",
    routes: "@handler h\nget /h/:id (Req)",
    found: ["7:1 E-mcp-path"],
  },
  {
    name: "a member without a variable, unless it is optional",
    server: "mcp: true",
    routes: "@handler h\nget /h (Req)\n@handler i\nget /i (Maybe)",
    found: ["6:1 E-mcp-path"],
  },
  {
    name: "a name that is too long",
    server: "mcp: true",
    routes: `@handler ${"h".repeat(129)}\nget /h`,
    found: ["6:1 E-mcp-name"],
  },
  {
    name: "signed requests, with a warning",
    server: "mcp: true\nsignature: true",
    routes: "@handler h\nget /h",
    found: ["7:1 W-mcp-signature"],
  },
  {
    name: "a section of that name",
    server: "mcp: true\njwt: mcp",
    routes: "@handler h\nget /h",
    found: ["1:1 E-config-section"],
  },
];
for (const { name, server, routes, found } of refused) {
  Deno.test(`planRestServer() refuses as tools ${name}`, () => {
    const { files, diagnostics } = generate([server, routes]);
    assertEquals(
      diagnostics.map(({ line, column, code }) => `${line - TYPE_LINES}:${column} ${code}`),
      found,
    );
    assertEquals(files.length === 0, found.some((text) => text.includes(" E-")));
  });
}

Deno.test("planRestServer() of a service without tools imports nothing of MCP", () => {
  const { files } = generate(["group: a", "@handler h\nget /h/:id (Req)"]);
  assert(files.length > 5);
  for (const { path, content } of files) assert(!/mcp/i.test(path + content), path);
});

Deno.test("wiringHint() says what a main.ts of the user lacks, until it is there", () => {
  const { files } = generate(["mcp: true", "@handler h\nget /h"]);
  const main = (before: string): Change[] => [{ kind: "keep", path: "main.ts", before, after: "" }];
  const hint = wiringHint(files, main("await runService();")) ?? "";
  const wired = files.find(({ path }) => path === "main.ts")!.content;
  for (const line of hint.split("\n").slice(1)) assertStringIncludes(wired, line.trim());
  assertStringIncludes(hint, "addTools(mcp, server);");
  assertEquals(wiringHint(files, main(wired)), undefined);
  assertEquals(wiringHint(files, [{ ...main("")[0]!, kind: "create" }]), undefined);
  assertEquals(wiringHint(generate(["group: a", "@handler h\nget /h"]).files, main("")), undefined);
});
