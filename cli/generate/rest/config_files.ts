/**
 * The configuration of a service: its generated half, the user's half, and the yaml file.
 *
 * @module
 */

import { docComment, importBlock, relativeImport } from "../code.ts";
import { type GeneratedFile, genFile, onceFile } from "../generated_file.ts";
import { propertyKey } from "../naming.ts";
import type { RestModel } from "./model.ts";

/** Path of the user's half. */
export const CONFIG_PATH = "internal/config/config.ts";
/** Path of the generated half. */
export const GEN_CONFIG_PATH = "internal/config/config.gen.ts";

/** A key of a section that the `.api` file asks for. */
interface SectionKey {
  readonly name: string;
  readonly type: "string" | "number";
  readonly builder: string;
  readonly about: string;
  /** Value in the yaml file. */
  readonly value: (section: string) => string;
}

const JWT_KEYS: readonly SectionKey[] = [
  {
    name: "AccessSecret",
    type: "string",
    builder: "string().check(checkSecret)",
    about: "Secret that signs access tokens.",
    value: (section) => `\${${envName(section)}_ACCESS_SECRET}`,
  },
  {
    name: "AccessExpire",
    type: "number",
    builder: "int64().default(3600)",
    about: "Seconds that an access token lives.",
    value: () => "3600",
  },
];

const TRANSITION_KEYS: readonly SectionKey[] = [
  {
    name: "Secret",
    type: "string",
    builder: "string().check(checkSecret)",
    about: "Secret that signs access tokens from now on.",
    value: (section) => `\${${envName(section)}_SECRET}`,
  },
  {
    name: "PrevSecret",
    type: "string",
    builder: "string().zero()",
    about: "Secret before the last change: tokens signed with it are still taken.",
    value: (section) => `\${${envName(section)}_PREV_SECRET}`,
  },
];

interface Section {
  readonly name: string;
  readonly about: string;
  readonly keys: readonly SectionKey[];
}

/** Sections by name; one that serves as both kinds has the keys of both. */
function sectionsOf({ jwtSections, transitionSections }: RestModel): Section[] {
  const names = [...new Set([...jwtSections, ...transitionSections])].sort();
  return names.map((name) => {
    const [jwt, transition] = [jwtSections.includes(name), transitionSections.includes(name)];
    const keys = [...(jwt ? JWT_KEYS : []), ...(transition ? TRANSITION_KEYS : [])];
    return { name, about: jwt ? "Access tokens." : "A change of the secret of tokens.", keys };
  });
}

/** `AUTH` of `Auth`. */
function envName(section: string): string {
  return section.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
}

/** Both halves and the yaml file. */
export function configFiles(model: RestModel): GeneratedFile[] {
  return [
    genFile(GEN_CONFIG_PATH, model.options.source, genConfigText(model)),
    onceFile(CONFIG_PATH, configText()),
    onceFile(`etc/${model.service}.yaml`, yamlText(model)),
  ];
}

function genConfigText(model: RestModel): string {
  const sections = sectionsOf(model);
  const builders = new Set(
    sections.flatMap(({ keys }) => keys.map(({ builder }) => builder.replace(/\(.*/, ""))),
  );
  const imports = importBlock([
    { names: ["ObjectSchema"], from: "@zeno/zeno/core/schema", typeOnly: true },
    {
      names: sections.length === 0 ? [] : ["object", ...builders],
      from: "@zeno/zeno/core/schema",
    },
    { names: ["RestConf"], from: "@zeno/zeno/rest", typeOnly: true },
    { names: ["restConfig"], from: "@zeno/zeno/rest" },
  ]);
  const doc = docComment(["Configuration that the framework and the .api file ask for."]);
  const schemaDoc = docComment(["Reads and checks a {@link GenConfig}."]);
  if (sections.length === 0) {
    return `${imports}\n\n${doc}export type GenConfig = RestConf;\n\n` +
      `${schemaDoc}export const genConfig: ObjectSchema<GenConfig> = restConfig;\n`;
  }
  return `${imports}\n\n${doc}export interface GenConfig extends RestConf {\n` +
    `${sections.map(sectionType).join("")}}\n\n` +
    `${schemaDoc}export const genConfig: ObjectSchema<GenConfig> = object({\n` +
    `  ...restConfig.fields,\n${sections.map(sectionSchema).join("")}});\n\n${CHECK_SECRET}`;
}

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

function yamlText(model: RestModel): string {
  // To YAML some words are no text.
  const name = /^(true|false|null|yes|no|on|off|y|n)$/.test(model.service)
    ? JSON.stringify(model.service)
    : model.service;
  const head = `Name: ${name}\nHost: 0.0.0.0\nPort: 8888\n` +
    "# Milliseconds until a request is answered with 504.\nTimeout: 3000\n" +
    "# Largest request body in bytes.\nMaxBytes: 1048576\n" +
    "\nLog:\n  # debug, info, error or severe.\n  Level: info\n" +
    "\n# Sends traces to a collector:\n# Telemetry:\n#   Endpoint: http://localhost:4318\n" +
    "#   Sampler: 1.0\n";
  return head + sectionsOf(model).map(yamlSection).join("");
}

function yamlSection({ name, about, keys }: Section): string {
  const secrets = keys.map(({ value }) => /\$\{(\w+)\}/.exec(value(name))?.[1])
    .filter((name) => name !== undefined);
  const hint = `\n# ${about} Set ${secrets.join(" and ")} in the environment;\n` +
    "# `openssl rand -base64 32` makes a good secret.\n";
  const lines = keys.map((key) => `  # ${key.about}\n  ${key.name}: ${key.value(name)}\n`);
  return `${hint}${name}:\n${lines.join("")}`;
}
