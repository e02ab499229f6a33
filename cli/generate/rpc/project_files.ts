/**
 * Files that are created once for a service: `deno.json`, `main.ts`, its configuration and its context.
 *
 * @module
 */

import { docComment, importBlock, indentLines, relativeImport } from "../code.ts";
import { onceFile, type TextFile } from "../generated_file.ts";
import { denoJson } from "../deno_json.ts";
import { shellWord } from "../shell_word.ts";
import { DEV_SERVER, etcdSection, LOG, TELEMETRY, yamlName } from "../yaml_sections.ts";
import { RPC, type RpcModel } from "./model.ts";
import { NAMES, RUN } from "./rpc_names.ts";
import { REGISTER, REGISTER_PATH } from "./server_files.ts";

/** Path of the configuration. */
export const CONFIG_PATH = "internal/config/config.ts";

/** All of them. */
export function projectFiles(model: RpcModel): TextFile[] {
  const { service, sources, flags, link, member } = model.options;
  return [
    onceFile(
      "deno.json",
      denoJson({
        gen: ["rpc gen", ...sources.map(shellWord), "--dir .", ...flags].join(" "),
        link,
        sys: ["networkInterfaces"],
        member,
      }),
    ),
    onceFile("main.ts", mainText(model)),
    onceFile(`etc/${service}.yaml`, yamlText(model)),
    onceFile(CONFIG_PATH, configText()),
    onceFile(model.contextFile, contextText(model)),
  ];
}

function mainText({ options: { service }, contextFile }: RpcModel): string {
  const path = "main.ts";
  const imports = importBlock([
    { names: ["configFile", "loadConfig"], from: "@zeno/zeno/core/conf" },
    { names: [RUN], from: "@zeno/zeno/core/service" },
    { names: [NAMES.server], from: RPC },
    { names: ["configSchema"], from: relativeImport(path, CONFIG_PATH) },
    { names: [REGISTER], from: relativeImport(path, REGISTER_PATH) },
    { names: ["ServiceContext"], from: relativeImport(path, contextFile) },
  ]);
  const file = JSON.stringify(`etc/${service}.yaml`);
  return `${imports}\n\nawait ${RUN}(async () => {\n` +
    `  const path = configFile(${file});\n` +
    "  const config = await loadConfig(configSchema, path, { env: true });\n" +
    `  const server = new ${NAMES.server}(config);\n` +
    `  ${REGISTER}(server, new ServiceContext(config));\n` +
    "  return server;\n});\n";
}

function yamlText({ options: { service, port } }: RpcModel): string {
  return `Name: ${yamlName(`${service}.rpc`)}\nListenOn: 0.0.0.0:${port}\n` +
    "# Milliseconds until a call is answered with deadline_exceeded.\nTimeout: 2000\n" +
    `\n${LOG}\n# Registers the service, so that clients find it by its key:\n` +
    indentLines(etcdSection(`${service}.rpc`), "# ") + `\n${DEV_SERVER}\n${TELEMETRY}`;
}

function configText(): string {
  const imports = importBlock([
    { names: ["ObjectSchema"], from: "@zeno/zeno/core/schema", typeOnly: true },
    { names: [NAMES.config], from: RPC, typeOnly: true },
    { names: [NAMES.configSchema], from: RPC },
  ]);
  return `${imports}\n\n${docComment(["Configuration of the service."])}` +
    `export interface Config extends ${NAMES.config} {\n` +
    "  // Your own settings, and below how they are read:\n" +
    "  // readonly Greeting: string;\n}\n\n" +
    docComment(["Reads and checks a {@link Config}."]) +
    `export const configSchema: ObjectSchema<Config> = ${NAMES.configSchema};\n` +
    "// export const configSchema: ObjectSchema<Config> = object({\n" +
    `//   ...${NAMES.configSchema}.fields,\n` +
    '//   Greeting: string().default("Hello"),\n' +
    "// });\n";
}

function contextText({ contextFile }: RpcModel): string {
  const imports = importBlock([
    { names: ["Config"], from: relativeImport(contextFile, CONFIG_PATH), typeOnly: true },
  ]);
  const doc = "What all calls share: clients, stores. Made once, when the service starts.";
  return `${imports}\n\n${docComment([doc])}export class ServiceContext {\n` +
    `${docComment(["Configuration of the service."], "  ")}  readonly config: Config;\n\n` +
    `${docComment(["Opens what the service needs."], "  ")}` +
    "  constructor(config: Config) {\n    this.config = config;\n  }\n}\n";
}
