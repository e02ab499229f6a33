/**
 * Files that make a folder a Deno project: `deno.json` and `main.ts`.
 *
 * @module
 */

import { importBlock, indentLines, relativeImport } from "../code.ts";
import { denoJson } from "../deno_json.ts";
import { onceFile, type TextFile } from "../generated_file.ts";
import { shellWord } from "../shell_word.ts";
import { CONFIG_PATH } from "./config_files.ts";
import { MAIN_PATH, WIRING, wiringImports } from "./mcp/wiring.ts";
import type { RestModel } from "./model.ts";
import { ROUTES_PATH } from "./routes_file.ts";

/** Both files. */
export function projectFiles(model: RestModel): TextFile[] {
  return [
    onceFile("deno.json", denoJson({ gen: genWords(model), link: model.options.link })),
    onceFile(MAIN_PATH, mainText(model)),
  ];
}

function genWords({ options: { source, flags } }: RestModel): string {
  return ["api gen", shellWord(source), "--dir .", ...flags].join(" ");
}

function mainText(model: RestModel): string {
  const path = MAIN_PATH;
  const hasTools = model.tools.length > 0;
  const imports = importBlock([
    { names: ["configFile", "loadConfig"], from: "@zeno/zeno/core/conf" },
    { names: ["runService", "Server"], from: "@zeno/zeno/rest" },
    { names: ["configSchema"], from: relativeImport(path, CONFIG_PATH) },
    { names: ["registerRoutes"], from: relativeImport(path, ROUTES_PATH) },
    { names: ["ServiceContext"], from: relativeImport(path, model.contextFile) },
    ...(hasTools ? wiringImports() : []),
  ]);
  const file = JSON.stringify(`etc/${model.service}.yaml`);
  return `${imports}\n\n` +
    "await runService(async () => {\n" +
    `  const path = configFile(${file});\n` +
    "  const config = await loadConfig(configSchema, path, { env: true });\n" +
    "  const server = new Server(config, { configSchema });\n" +
    "  registerRoutes(server, new ServiceContext(config));\n" +
    (hasTools ? indentLines(WIRING, "  ") : "") +
    "  return server;\n" +
    "});\n";
}
