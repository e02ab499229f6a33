/**
 * Files that are created once for a gateway: `deno.json`, `main.ts`, its configuration and what to know of it.
 *
 * @module
 */

import { docComment, importBlock, relativeImport } from "../code.ts";
import { denoJson } from "../deno_json.ts";
import { onceFile, type TextFile } from "../generated_file.ts";
import { shellWord } from "../shell_word.ts";
import type { GatewayModel } from "./model.ts";
import { readmeText } from "./readme_file.ts";
import { yamlText } from "./yaml_file.ts";

const GATEWAY = "@zeno/zeno/rpc/gateway";

/** Path of the configuration. */
export const CONFIG_PATH = "internal/config/config.ts";

/** Path of the yaml file. */
export function yamlPath({ options: { service } }: GatewayModel): string {
  return `etc/${service}.yaml`;
}

/** All of them. */
export function projectFiles(model: GatewayModel): TextFile[] {
  const { sources, flags, link } = model.options;
  const gen = ["gateway gen", ...sources.map(shellWord), "--dir .", ...flags].join(" ");
  return [
    onceFile("deno.json", denoJson({ gen, link })),
    onceFile("main.ts", mainText(model)),
    onceFile(yamlPath(model), yamlText(model)),
    onceFile(CONFIG_PATH, configText()),
    onceFile("README.md", readmeText(model)),
  ];
}

const OPEN =
  `  // Around every route, such as authorization: new Gateway(config, { middleware: [...] })
  return new Gateway(config);
`;

const ANNOTATED =
  `  // The annotations say what is public; Connect and gRPC-Web would serve every method.
  return new Gateway(config, { connect: false, grpcWeb: false });
`;

function mainText(model: GatewayModel): string {
  const imports = importBlock([
    { names: ["configFile", "loadConfig"], from: "@zeno/zeno/core/conf" },
    { names: ["runServices"], from: "@zeno/zeno/core/service" },
    { names: ["Gateway"], from: GATEWAY },
    { names: ["configSchema"], from: relativeImport("main.ts", CONFIG_PATH) },
  ]);
  return `${imports}\n\nawait runServices(async () => {\n` +
    `  const path = configFile(${JSON.stringify(yamlPath(model))});\n` +
    "  const config = await loadConfig(configSchema, path, { env: true });\n" +
    (model.mapsAll ? OPEN : ANNOTATED) + "});\n";
}

function configText(): string {
  const imports = importBlock([
    { names: ["ObjectSchema"], from: "@zeno/zeno/core/schema", typeOnly: true },
    { names: ["GatewayConf"], from: GATEWAY, typeOnly: true },
    { names: ["gatewayConfig"], from: GATEWAY },
  ]);
  return `${imports}\n\n${docComment(["Configuration of the gateway."])}` +
    "export interface Config extends GatewayConf {\n" +
    "  // Your own settings, and below how they are read:\n" +
    "  // readonly Partners: readonly string[];\n}\n\n" +
    docComment(["Reads and checks a {@link Config}."]) +
    "export const configSchema: ObjectSchema<Config> = gatewayConfig;\n" +
    "// export const configSchema: ObjectSchema<Config> = object({\n" +
    "//   ...gatewayConfig.fields,\n" +
    "//   Partners: array(string()).default([]),\n" +
    "// });\n";
}
