/**
 * Files that make a folder a Deno project: `deno.json` and `main.ts`.
 *
 * @module
 */

import { importBlock, relativeImport } from "../code.ts";
import { denoJson } from "../deno_json.ts";
import { type GeneratedFile, onceFile } from "../generated_file.ts";
import { CONFIG_PATH } from "./config_files.ts";
import type { RestModel } from "./model.ts";
import { ROUTES_PATH } from "./routes_file.ts";

/** Both files. */
export function projectFiles(model: RestModel): GeneratedFile[] {
  return [
    onceFile("deno.json", denoJson({ gen: genWords(model), link: model.options.link })),
    onceFile("main.ts", mainText(model)),
  ];
}

function genWords({ options: { source, flags } }: RestModel): string {
  return ["api gen", source, "--dir .", ...flags].join(" ");
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
