/**
 * `internal/mcp/*.gen.ts`: the chosen routes as tools, and what they answer with.
 *
 * @module
 */

import type { TypeRef } from "../../../api/spec.ts";
import { joinPath } from "../../../api/path.ts";
import {
  docComment,
  expressionText,
  fits,
  importBlock,
  type ImportSpec,
  relativeImport,
  textLiteral,
} from "../../code.ts";
import { genFile, type TextFile } from "../../generated_file.ts";
import { describe } from "../contract_file.ts";
import type { RestModel } from "../model.ts";
import { schemaOf } from "../routes_file.ts";
import { dependencyOrder } from "../schema_file.ts";
import { SCHEMA_PATH } from "../type_places.ts";
import { contextOf, refsOf } from "../types_files.ts";
import { type OutputContext, outputFields, outputSchema } from "./output_schema.ts";
import type { ToolModel } from "./tool.ts";

/** Path of the file with the tools. */
export const TOOLS_PATH = "internal/mcp/tools.gen.ts";

const OUTPUT_PATH = "internal/mcp/output.gen.ts";
const LIBRARY = "@zeno/zeno/core/schema";

/** Both files; none when no route is chosen. */
export function toolsFiles(model: RestModel): TextFile[] {
  if (model.tools.length === 0) return [];
  const { source } = model.options;
  const output = outputText(model);
  return [
    genFile(TOOLS_PATH, source, toolsText(model)),
    ...(output === undefined ? [] : [genFile(OUTPUT_PATH, source, output)]),
  ];
}

/** What a tool answers with, if that is known: of a group that says `raw: true` nothing is. */
function responseOf({ group, route }: ToolModel): TypeRef | undefined {
  return group.spec.annotations["raw"] === "true" ? undefined : route.spec.response;
}

function toolsText(model: RestModel): string {
  const used = new Set<string>();
  let refersToOutput = false;
  const context: OutputContext = {
    ...contextOf("", model),
    reference(name) {
      refersToOutput = true;
      return { head: `output.${model.schemaNames.get(name)!}`, calls: [] };
    },
    use: (name) => (used.add(name), name),
  };
  const tools = model.tools.map((tool) => toolText(tool, model, context)).join("");
  const body = `  mcp.exposeRoutes(app, [\n${tools}  ], options);\n`;
  const imports: ImportSpec[] = [
    {
      names: ["ExposeOptions", "FetchApp", "McpServer"],
      from: "@zeno/zeno/rest/mcp",
      typeOnly: true,
    },
    { names: [...used], from: LIBRARY },
    namespace("input", SCHEMA_PATH, model.tools.some(({ route }) => schemaOf(route, model))),
    namespace("output", OUTPUT_PATH, refersToOutput),
  ];
  const doc = docComment([
    "Adds the routes that the .api file chooses as tools. A call goes through the chain of the route, with the",
    "credentials of the caller.",
    "",
    "@param app The server of the routes.",
    "@param options Where the server has an envelope, how to open it.",
  ]);
  return `${importBlock(imports)}\n\n${doc}` +
    "export function addTools(mcp: McpServer, app: FetchApp, options?: ExposeOptions): void {\n" +
    `${body}}\n`;
}

function namespace(name: string, path: string, isUsed: boolean): ImportSpec {
  return { names: isUsed ? [name] : [], from: relativeImport(TOOLS_PATH, path), namespace: true };
}

function toolText(tool: ToolModel, model: RestModel, context: OutputContext): string {
  const { name, group, route } = tool;
  const indent = "      ";
  const schema = schemaOf(route, model);
  const response = responseOf(tool);
  const description = describe(route).join("\n").trim();
  const members: [string, string][] = [
    ["name", JSON.stringify(name)],
    ...(description === ""
      ? []
      : [["description", textLiteral(description)] satisfies [string, string]]),
    ["method", JSON.stringify(route.spec.method)],
    ["path", JSON.stringify(joinPath(group.spec.prefix, route.spec.path))],
  ];
  if (schema !== undefined) members.push(["request", `input.${schema}`]);
  if (response !== undefined) {
    const value = outputSchema(response, context, indent);
    members.push(["response", expressionText(value, indent, "response: ,".length)]);
  }
  const lines = members.map(([key, value]) => {
    const line = `${key}: ${value},`;
    // What cannot be broken stands on a line of its own, as the formatter has it.
    const isLongText = key === "description" && !fits(line, indent);
    return isLongText ? `${indent}${key}:\n${indent}  ${value},\n` : `${indent}${line}\n`;
  });
  return `    {\n${lines.join("")}    },\n`;
}

/** Schemas of the structures that the answers reach; `undefined` without any. */
function outputText(model: RestModel): string | undefined {
  const context = contextOf("", model);
  const roots = model.tools.map(responseOf).filter((type) => type !== undefined)
    .flatMap((type) => [...refsOf(type, context)]);
  const types = dependencyOrder(model, new Set(roots));
  if (types.length === 0) return undefined;
  const used = new Set(["object"]);
  const written = new Set<string>();
  const schemas = types.map(({ name, fields }) => {
    const own: OutputContext = {
      ...contextOf(name, model),
      reference: (other) => referenceTo(other, model, written, used),
      use: (each) => (used.add(each), each),
    };
    const typed = model.typeNames.get(name)!;
    const text = outputFields(fields, own, "");
    written.add(name);
    return docComment([`Describes a {@link ${typed}} that is answered with.`]) +
      `export const ${model.schemaNames.get(name)}: ObjectSchema<unknown> = object(${text});\n`;
  });
  const imports = importBlock([
    { names: ["ObjectSchema"], from: LIBRARY, typeOnly: true },
    { names: [...used], from: LIBRARY },
  ]);
  return [`${imports}\n`, ...schemas].join("\n");
}

function referenceTo(name: string, model: RestModel, written: Set<string>, used: Set<string>) {
  const schema = model.schemaNames.get(name)!;
  if (written.has(name)) return { head: schema, calls: [] };
  used.add("lazy");
  return { head: "lazy", args: [`() => ${schema}`], calls: [] };
}
