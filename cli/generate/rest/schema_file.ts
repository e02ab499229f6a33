/**
 * `internal/types/schema.gen.ts`: a schema for each structure that requests reach.
 *
 * @module
 */

import type { StructType } from "../../api/spec.ts";
import { docComment, type Expression, fits, importBlock, relativeImport } from "../code.ts";
import { genFile, type TextFile } from "../generated_file.ts";
import { membersOf } from "./member.ts";
import type { ToolModel } from "./mcp/tool.ts";
import { requestType, type RestModel, type RouteModel } from "./model.ts";
import { fieldsText, type SchemaContext } from "./schema_value.ts";
import { INT64_TEXT, SCHEMA_PATH, UINT64_TEXT } from "./type_places.ts";
import { contextOf, refsOf, typeImports } from "./types_files.ts";
import { RULES_PATH, rulesFile } from "./validate/rules_file.ts";

const LIBRARY = "@zeno/zeno/core/schema";

const HELPERS: Readonly<Record<string, string>> = {
  [INT64_TEXT]: helperText(INT64_TEXT, "signed", "-?\\d{1,19}", "asIntN"),
  [UINT64_TEXT]: helperText(UINT64_TEXT, "unsigned", "\\d{1,20}", "asUintN"),
};

function helperText(name: string, kind: string, pattern: string, wrap: string): string {
  return docComment([`What is wrong with the text of a ${kind} 64-bit integer, if anything.`]) +
    `function ${name}(value: string): string | undefined {\n` +
    `  const fits = /^${pattern}$/.test(value) && BigInt.${wrap}(64, BigInt(value)) === BigInt(value);\n` +
    `  return fits ? undefined : "must be the text of a ${kind} 64-bit integer";\n` +
    "}\n";
}

/** The file, and that of the rules it uses; none when no request has a type. */
export function schemaFiles(model: RestModel): TextFile[] {
  const ordered = dependencyOrder(model, requestedTypes(model));
  if (ordered.length === 0) return [];
  const described = dependencyOrder(model, requestedTypes(model, model.tools));
  const writer = new SchemaWriter(model, new Set(described.map(({ name }) => name)));
  const schemas = ordered.map((type) => writer.write(type));
  const used = [...writer.used];
  const imports = importBlock([
    { names: ["ObjectSchema"], from: LIBRARY, typeOnly: true },
    { names: used.filter((name) => !Object.hasOwn(HELPERS, name)), from: LIBRARY },
    {
      names: writer.rules.size > 0 ? ["rules"] : [],
      from: relativeImport(SCHEMA_PATH, RULES_PATH),
      namespace: true,
    },
    ...typeImports(ordered.map(({ name }) => name), SCHEMA_PATH, model),
  ]);
  const helpers = Object.keys(HELPERS).filter((name) => writer.used.has(name));
  const parts = [`${imports}\n`, ...schemas, ...helpers.map((name) => HELPERS[name]!)];
  const { source } = model.options;
  return [
    genFile(SCHEMA_PATH, source, parts.join("\n")),
    ...(writer.rules.size > 0 ? [rulesFile(writer.rules, source)] : []),
  ];
}

/** Declared names of the structures that routes take: those of these tools, or of all. */
function requestedTypes(model: RestModel, tools?: readonly ToolModel[]): ReadonlySet<string> {
  const routes = tools?.map(({ route }) => route) ?? model.groups.flatMap(({ routes }) => routes);
  const structs = routes.map((route) => structOf(route, model));
  return new Set(structs.filter((type) => type !== undefined).map(({ name }) => name));
}

/** The structure that a route takes, if it takes one. */
export function structOf({ request }: RouteModel, model: RestModel): StructType | undefined {
  return model.spec.types.find(({ name }) => model.typeNames.get(name) === request);
}

/** The structures of these declared names and those they reach, each behind those it needs, as far as cycles allow. */
export function dependencyOrder(model: RestModel, roots: ReadonlySet<string>): StructType[] {
  const byName = new Map(model.spec.types.map((type) => [type.name, type]));
  const context = contextOf("", model);
  const ordered = new Set<StructType>();
  const visiting = new Set<string>();
  const visit = (type: StructType) => {
    if (ordered.has(type) || visiting.has(type.name)) return;
    visiting.add(type.name);
    for (const name of [...refsOf({ kind: "struct", fields: type.fields }, context)].sort()) {
      visit(byName.get(name)!);
    }
    ordered.add(type);
  };
  for (const type of model.spec.types) {
    if (roots.has(type.name)) visit(type);
  }
  return [...ordered];
}

/** Writes schemas in order and keeps what they use. */
class SchemaWriter {
  readonly used = new Set<string>();
  readonly rules = new Set<string>();
  readonly #model: RestModel;
  readonly #described: ReadonlySet<string>;
  readonly #written = new Set<string>();

  /** The schemas of types in `described` say what their members mean, for those who call tools. */
  constructor(model: RestModel, described: ReadonlySet<string>) {
    this.#model = model;
    this.#described = described;
  }

  write(type: StructType): string {
    const context: SchemaContext = {
      ...contextOf(type.name, this.#model),
      reference: (name) => this.#reference(name),
      use: (name) => this.#use(name),
      described: this.#described.has(type.name),
      useRule: (helper) => {
        this.rules.add(helper);
        return `rules.${helper}`;
      },
    };
    const fields = fieldsText(membersOf(type.fields, context.structs), context, "");
    const strict = this.#isStrict(type.name) ? ["{ strict: true }"] : [];
    const head = this.#use("object");
    const typed = this.#model.typeNames.get(type.name)!;
    const value = `${head}(${[fields, ...strict].join(", ")});\n`;
    const name = this.#model.schemaNames.get(type.name)!;
    const line = `export const ${name}: ObjectSchema<${typed}> = ${value}`;
    const start = fits(line.split("\n", 1)[0]!)
      ? line
      : `export const ${name}: ObjectSchema<\n  ${typed}\n> = ${value}`;
    this.#written.add(type.name);
    return docComment([`Reads and checks a {@link ${typed}}.`]) + start;
  }

  #use(name: string): string {
    this.used.add(name);
    return name;
  }

  #reference(name: string): Expression {
    const schema = this.#model.schemaNames.get(name)!;
    if (this.#written.has(name)) return { head: schema, calls: [] };
    return { head: this.#use("lazy"), args: [`() => ${schema}`], calls: [] };
  }

  /** Whether every route that takes the type is in a group that says `strict: true`. */
  #isStrict(name: string): boolean {
    const typed = this.#model.typeNames.get(name);
    const groups = this.#model.spec.groups.filter(({ routes }) =>
      routes.some((route) => requestType(route) === typed)
    );
    return groups.length > 0 && groups.every(({ annotations }) => annotations["strict"] === "true");
  }
}
