/**
 * `internal/types/*.gen.ts`: an interface for each structure.
 *
 * @module
 */

import type { StructType, TypeRef } from "../../api/spec.ts";
import { docComment, importBlock, type ImportSpec, relativeImport } from "../code.ts";
import { genFile, type TextFile } from "../generated_file.ts";
import type { RestModel } from "./model.ts";
import { bodyText, type TypeContext } from "./type_text.ts";

/** The files of all types. */
export function typesFiles(model: RestModel): TextFile[] {
  const files = model.typeFiles;
  return [...new Set(files.values())].sort().map((path) => {
    const types = model.spec.types.filter(({ name }) => files.get(name) === path);
    const imports = importBlock(importsOf(types, path, model));
    const body = types.map((type) => interfaceText(type, contextOf(type.name, model)));
    return genFile(path, model.options.source, [imports, ...body].filter(Boolean).join("\n"));
  });
}

/** What the text of a type that stands in structure `name` depends on. */
export function contextOf(name: string, model: RestModel): TypeContext {
  const { usage } = model;
  const request = usage.requests.has(name);
  return {
    names: model.typeNames,
    structs: new Map(model.spec.types.map((type) => [type.name, type])),
    int64: model.options.int64,
    request,
    // What no route reaches is written as a response: nothing is known to read it.
    response: usage.responses.has(name) || !request,
  };
}

function interfaceText(type: StructType, context: TypeContext): string {
  const name = context.names.get(type.name)!;
  const doc = docComment(type.docs.length > 0 ? type.docs : [`\`${type.name}\` of the .api file.`]);
  const body = bodyText(type.fields, context);
  return body.startsWith("{")
    ? `${doc}export interface ${name} ${body}\n`
    : `${doc}export type ${name} = ${body};\n`;
}

function importsOf(
  types: readonly StructType[],
  path: string,
  model: RestModel,
): ImportSpec[] {
  const context = contextOf("", model);
  const used = new Set(
    types.flatMap(({ fields }) => [...refsOf({ kind: "struct", fields }, context)]),
  );
  return typeImports([...used].filter((name) => model.typeFiles.get(name) !== path), path, model);
}

/** Declared types that the text of a type names: embedded ones are flattened, so theirs count. */
export function refsOf(type: TypeRef, context: TypeContext, seen = new Set<string>()): Set<string> {
  switch (type.kind) {
    case "ref":
      return new Set([type.name]);
    case "array":
      return refsOf(type.item, context, seen);
    case "map":
      return refsOf(type.value, context, seen);
    case "pointer":
      return refsOf(type.target, context, seen);
    case "struct":
      return new Set(type.fields.flatMap((field) => {
        if (!field.embedded) return [...refsOf(field.type, context, seen)];
        const name = [...refsOf(field.type, context)][0] ?? "";
        if (seen.has(name)) return [];
        const fields = context.structs.get(name)?.fields ?? [];
        return [...refsOf({ kind: "struct", fields }, context, new Set([...seen, name]))];
      }));
    default:
      return new Set();
  }
}

/** Imports of declared types into the file at `path`. */
export function typeImports(
  names: readonly string[],
  path: string,
  model: RestModel,
): ImportSpec[] {
  const byFile = new Map<string, string[]>();
  for (const name of names) {
    const file = model.typeFiles.get(name);
    if (file !== undefined) {
      byFile.set(file, [...byFile.get(file) ?? [], model.typeNames.get(name)!]);
    }
  }
  return [...byFile].map(([file, names]) => ({
    names,
    from: relativeImport(path, file),
    typeOnly: true,
  }));
}
