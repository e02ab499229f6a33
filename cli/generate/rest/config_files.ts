/**
 * The configuration of a service: its generated half, the user's half, and the yaml file.
 *
 * @module
 */

import { docComment, importBlock, relativeImport } from "../code.ts";
import { genFile, onceFile, type TextFile } from "../generated_file.ts";
import { propertyKey } from "../naming.ts";
import { type Section, sectionsOf } from "./config_section.ts";
import type { RestModel } from "./model.ts";
import { yamlText } from "./yaml_file.ts";

/** Path of the user's half. */
export const CONFIG_PATH = "internal/config/config.ts";
/** Path of the generated half. */
export const GEN_CONFIG_PATH = "internal/config/config.gen.ts";

/** Both halves and the yaml file. */
export function configFiles(model: RestModel): TextFile[] {
  return [
    genFile(GEN_CONFIG_PATH, model.options.source, genConfigText(model)),
    onceFile(CONFIG_PATH, configText()),
    onceFile(`etc/${model.service}.yaml`, yamlText(model)),
  ];
}

function genConfigText(model: RestModel): string {
  const sections = sectionsOf(model);
  const hasTools = model.tools.length > 0;
  const builders = new Set(
    sections.flatMap(({ keys }) => keys.map(({ builder }) => builder.replace(/\(.*/, ""))),
  );
  const imports = importBlock([
    { names: ["ObjectSchema"], from: "@zeno/zeno/core/schema", typeOnly: true },
    {
      names: sections.length === 0 && !hasTools ? [] : ["object", ...builders],
      from: "@zeno/zeno/core/schema",
    },
    { names: ["RestConf"], from: "@zeno/zeno/rest", typeOnly: true },
    { names: ["restConfig"], from: "@zeno/zeno/rest" },
    { names: hasTools ? ["McpConf"] : [], from: "@zeno/zeno/rest/mcp", typeOnly: true },
    { names: hasTools ? ["mcpConfig"] : [], from: "@zeno/zeno/rest/mcp" },
  ]);
  const doc = docComment(["Configuration that the framework and the .api file ask for."]);
  const schemaDoc = docComment(["Reads and checks a {@link GenConfig}."]);
  if (sections.length === 0 && !hasTools) {
    return `${imports}\n\n${doc}export type GenConfig = RestConf;\n\n` +
      `${schemaDoc}export const genConfig: ObjectSchema<GenConfig> = restConfig;\n`;
  }
  return `${imports}\n\n${doc}export interface GenConfig extends RestConf {\n` +
    `${sections.map(sectionType).join("")}${hasTools ? TOOLS_TYPE : ""}}\n\n` +
    `${schemaDoc}export const genConfig: ObjectSchema<GenConfig> = object({\n` +
    `  ...restConfig.fields,\n${sections.map(sectionSchema).join("")}` +
    `${hasTools ? "  Mcp: mcpConfig,\n" : ""}});\n${
      sections.length === 0 ? "" : `\n${CHECK_SECRET}`
    }`;
}

const TOOLS_TYPE = `${
  docComment(["Where routes are tools for assistants."], "  ")
}  readonly Mcp: McpConf;\n`;

/** Says at the start of a service that an environment variable is not set. */
const CHECK_SECRET = `function checkSecret(secret: string): string | undefined {
  return secret.length >= 8 ? undefined : "must have 8 characters or more; is its variable set?";
}
`;

function sectionType({ name, about, keys }: Section): string {
  const members = keys.map((key) =>
    docComment([key.about], "    ") + `    readonly ${key.name}: ${key.type};\n`
  );
  return `${docComment([about], "  ")}  readonly ${propertyKey(name)}: {\n${
    members.join("")
  }  };\n`;
}

function sectionSchema({ name, keys }: Section): string {
  const members = keys.map((key) => `    ${key.name}: ${key.builder},\n`);
  return `  ${propertyKey(name)}: object({\n${members.join("")}  }),\n`;
}

function configText(): string {
  const imports = importBlock([
    { names: ["ObjectSchema"], from: "@zeno/zeno/core/schema", typeOnly: true },
    { names: ["GenConfig"], from: relativeImport(CONFIG_PATH, GEN_CONFIG_PATH), typeOnly: true },
    { names: ["genConfig"], from: relativeImport(CONFIG_PATH, GEN_CONFIG_PATH) },
  ]);
  return `${imports}\n\n${docComment(["Configuration of the service."])}` +
    "export interface Config extends GenConfig {\n" +
    "  // Your own settings, and below how they are read:\n" +
    "  // readonly Greeting: string;\n}\n\n" +
    docComment(["Reads and checks a {@link Config}."]) +
    "export const configSchema: ObjectSchema<Config> = genConfig;\n" +
    "// export const configSchema: ObjectSchema<Config> = object({\n" +
    "//   ...genConfig.fields,\n" +
    '//   Greeting: string().default("Hello"),\n' +
    "// });\n";
}
