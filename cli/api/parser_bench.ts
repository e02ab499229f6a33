/**
 * Benches of the compiler and the formatter on a file of 2,000 lines.
 *
 * @module
 */

import { compileApi } from "./compile.ts";
import { formatApi } from "./formatter.ts";
import { parse } from "./parser.ts";

/** A program of about `lines` lines: structures with tags, routes with documentation. */
function program(lines: number): string {
  const blocks: string[] = ['syntax = "v1"\n'];
  for (let n = 0; n < lines / 20; n++) {
    blocks.push(
      `// Req${n} asks for one.\ntype Req${n} {\n` +
        `\tId     int64             \`path:"id"\`\n` +
        `\tName   string            \`form:"name,optional"\` // how it is called\n` +
        `\tAge    int               \`json:"age,range=[0:150],default=18"\`\n` +
        `\tKind   string            \`json:"kind,options=a|b|c"\`\n` +
        `\tLabels map[string]string \`json:"labels,optional"\`\n` +
        `\tItems  []*Req${n}        \`json:"items,optional"\`\n}\n\n` +
        `@server (\n\tprefix: /v1\n\tgroup:  g${n}\n)\n` +
        `service bench-api {\n\t@doc "one"\n\t@handler get${n}\n` +
        `\tget /items${n}/:id (Req${n}) returns (Req${n})\n}\n`,
    );
  }
  return blocks.join("\n");
}

const text = program(2000);

Deno.bench({ name: "parse", group: "2,000 lines" }, () => void parse(text, { file: "a.api" }));

Deno.bench({ name: "compile", group: "2,000 lines", baseline: true }, () => {
  compileApi("a.api", { readFile: () => text });
});

Deno.bench({ name: "format", group: "2,000 lines" }, () => void formatApi(text, { file: "a.api" }));
