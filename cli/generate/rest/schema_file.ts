/**
 * `internal/types/schema.gen.ts`: a schema for each structure that requests reach.
 *
 * @module
 */

import type { StructType } from "../../api/spec.ts";
import { docComment, type Expression, fits, importBlock } from "../code.ts";
import { type GeneratedFile, genFile } from "../generated_file.ts";
import { camelCase, NameScope, safeIdentifier } from "../naming.ts";
import { membersOf } from "./member.ts";
import { requestType, type RestModel } from "./model.ts";
import { fieldsText, INT64_TEXT, type SchemaContext, UINT64_TEXT } from "./schema_value.ts";
import { contextOf, refsOf, typeFilesOf, typeImports } from "./types_files.ts";
import { type Usage, usageOf } from "./usage.ts";

/** Path of the file. */
export const SCHEMA_PATH = "internal/types/schema.gen.ts";

const LIBRARY = "@zeno/zeno/core/schema";

/** Names that stand beside schemas in the files of handlers. */
const HANDLER_NAMES =
  ("authorize context empty events json registerRoutes request response server " +
    "sse svc").split(" ");

/** Exports of the schema library that generated code may use. */
const BUILDERS =
  ("any array bigint boolean bytes float32 float64 int int16 int32 int64 int8 lazy map " +
    "object optionalGroup string uint uint16 uint32 uint64 uint8").split(" ");

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

/** Names of the schemas by declared type. */
export function schemaNames(model: RestModel): ReadonlyMap<string, string> {
  const handlers = model.groups.flatMap(({ routes }) => routes)
    .flatMap(({ handler }) => handler === undefined ? [] : [handler.alias, handler.factory]);
  const scope = new NameScope([
    ...BUILDERS,
    ...Object.keys(HELPERS),
    ...HANDLER_NAMES,
    ...handlers,
  ]);
  return new Map(model.spec.types.map(({ name }) => {
    return [name, scope.claim(safeIdentifier(camelCase(name)))];
  }));
}

/** The file; `undefined` when no request has a type. */
export function schemaFile(model: RestModel): GeneratedFile | undefined {
  const usage = usageOf(model.spec);
  const ordered = dependencyOrder(model, usage);
  if (ordered.length === 0) return undefined;
  const writer = new SchemaWriter(model, usage);
  const schemas = ordered.map((type) => writer.write(type));
  const used = [...writer.used];
  const files = typeFilesOf(model, usage);
  const imports = importBlock([
    { names: ["ObjectSchema"], from: LIBRARY, typeOnly: true },
    { names: used.filter((name) => !Object.hasOwn(HELPERS, name)), from: LIBRARY },
    ...typeImports(ordered.map(({ name }) => name), SCHEMA_PATH, files, model),
  ]);
  const helpers = Object.keys(HELPERS).filter((name) => writer.used.has(name));
  const parts = [`${imports}\n`, ...schemas, ...helpers.map((name) => HELPERS[name]!)];
  return genFile(SCHEMA_PATH, model.options.source, parts.join("\n"));
}

/** Structures that requests reach, each behind those it needs, as far as cycles allow. */
function dependencyOrder(model: RestModel, usage: Usage): StructType[] {
  const byName = new Map(model.spec.types.map((type) => [type.name, type]));
  const context = contextOf("", model, usage);
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
  const requested = new Set(model.spec.groups.flatMap(({ routes }) => routes.map(requestType)));
  for (const type of model.spec.types) {
    if (requested.has(model.typeNames.get(type.name))) visit(type);
  }
  return [...ordered];
}

/** Writes schemas in order and keeps what they use. */
class SchemaWriter {
  readonly used = new Set<string>();
  readonly #model: RestModel;
  readonly #usage: Usage;
  readonly #names: ReadonlyMap<string, string>;
  readonly #written = new Set<string>();

  constructor(model: RestModel, usage: Usage) {
    this.#model = model;
    this.#usage = usage;
    this.#names = schemaNames(model);
  }

  write(type: StructType): string {
    const context: SchemaContext = {
      ...contextOf(type.name, this.#model, this.#usage),
      reference: (name) => this.#reference(name),
      use: (name) => this.#use(name),
    };
    const fields = fieldsText(membersOf(type.fields, context.structs), context, "");
    const strict = this.#isStrict(type.name) ? ["{ strict: true }"] : [];
    const head = this.#use("object");
    const typed = this.#model.typeNames.get(type.name)!;
    const value = `${head}(${[fields, ...strict].join(", ")});\n`;
    const name = this.#names.get(type.name)!;
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
    const schema = this.#names.get(name)!;
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
