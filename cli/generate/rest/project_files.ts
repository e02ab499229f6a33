/**
 * Files that make a folder a Deno project: `deno.json` and `main.ts`.
 *
 * @module
 */

import { importBlock, LINE_WIDTH, relativeImport } from "../code.ts";
import { VERSION } from "../../version.ts";
import { type GeneratedFile, onceFile } from "../generated_file.ts";
import { CONFIG_PATH } from "./config_files.ts";
import type { RestModel } from "./model.ts";
import { ROUTES_PATH } from "./routes_file.ts";

/** Both files. */
export function projectFiles(model: RestModel): GeneratedFile[] {
  return [
    onceFile("deno.json", denoJson(model)),
    onceFile("main.ts", mainText(model)),
  ];
}

function denoJson({ options }: RestModel): string {
  const config = {
    imports: {
      "@std/assert": "jsr:@std/assert@^1",
      "@zeno/zeno": `jsr:@zeno/zeno@^${VERSION}`,
    },
    ...(options.link === undefined ? {} : { links: [options.link] }),
    tasks: {
      start: "deno run -P main.ts",
      dev: "deno run -P --watch main.ts",
      test: "deno test -P --permit-no-files",
      check: "deno fmt --check && deno lint && deno check",
      fmt: "deno fmt",
      gen: ["deno run -A @zeno/zeno/cli api gen", options.source, "--dir .", ...options.flags]
        .join(" "),
    },
    permissions: {
      default: { net: true, env: true, read: ["./etc"], sys: ["hostname"] },
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

function mainText(model: RestModel): string {
  const path = "main.ts";
  const imports = importBlock([
    { names: ["configFile", "loadConfig"], from: "@zeno/zeno/core/conf" },
    { names: ["runService", "Server"], from: "@zeno/zeno/rest" },
    { names: ["configSchema"], from: relativeImport(path, CONFIG_PATH) },
    { names: ["registerRoutes"], from: relativeImport(path, ROUTES_PATH) },
    { names: ["ServiceContext"], from: relativeImport(path, model.contextFile) },
  ]);
  const file = JSON.stringify(`etc/${model.service}.yaml`);
  return `${imports}\n\n` +
    "await runService(async () => {\n" +
    `  const path = configFile(${file});\n` +
    "  const config = await loadConfig(configSchema, path, { env: true });\n" +
    "  const server = new Server(config, { configSchema });\n" +
    "  registerRoutes(server, new ServiceContext(config));\n" +
    "  return server;\n" +
    "});\n";
}
