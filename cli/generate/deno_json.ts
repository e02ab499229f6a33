/**
 * The `deno.json` of a generated service.
 *
 * @module
 */

import { VERSION } from "../version.ts";
import { LINE_WIDTH } from "./code.ts";

/** What differs between services. */
export interface DenoJsonOptions {
  /** Words of the command that generates it again, as in `api gen greet.api --dir .`. */
  readonly gen: string;
  /** Value of `links`: the folder of the framework, when it is a clone. */
  readonly link: string | undefined;
  /** What it may ask of the system, beside the host name. @default {[]} */
  readonly sys?: readonly string[];
}

/** The text of the file. */
export function denoJson({ gen, link, sys = [] }: DenoJsonOptions): string {
  const config = {
    imports: {
      "@std/assert": "jsr:@std/assert@^1",
      "@zeno/zeno": `jsr:@zeno/zeno@^${VERSION}`,
    },
    ...(link === undefined ? {} : { links: [link] }),
    tasks: {
      start: "deno run -P main.ts",
      dev: "deno run -P --watch main.ts",
      test: "deno test -P --permit-no-files",
      check: "deno fmt --check && deno lint && deno check",
      fmt: "deno fmt",
      gen: `deno run -A @zeno/zeno/cli ${gen}`,
    },
    permissions: {
      default: { net: true, env: true, read: ["./etc"], sys: ["hostname", ...sys] },
    },
    compilerOptions: { strict: true, noUncheckedIndexedAccess: true },
    fmt: { lineWidth: LINE_WIDTH },
    test: { sanitizeOps: true, sanitizeResources: true },
  };
  return `${jsonText(config, "")}\n`;
}

/** JSON with short arrays and objects of scalars on one line, as the formatter leaves them. */
function jsonText(value: unknown, indent: string): string {
  if (Array.isArray(value)) return `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const lines = Object.entries(value).map(([key, item]) =>
    `${inner}${JSON.stringify(key)}: ${jsonText(item, inner)}`
  );
  return `{\n${lines.join(",\n")}\n${indent}}`;
}
