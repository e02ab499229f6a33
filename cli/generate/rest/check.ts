/**
 * What a valid `.api` program may ask for that a REST service cannot be made of.
 *
 * @module
 */

import type { Diagnostic } from "../../api/diagnostic.ts";
import type { Field, Position, TypeRef } from "../../api/spec.ts";
import { restConfig } from "../../../rest/config.ts";
import type { TextFile } from "../generated_file.ts";
import { membersOf } from "./member.ts";
import { requestType, type RestModel } from "./model.ts";
import { isWideInteger } from "./type_text.ts";

/** Finds everything that stands in the way, in source order of its kind. */
export function checkModel(model: RestModel): Diagnostic[] {
  return [
    ...checkGroups(model),
    ...checkSections(model),
    ...checkTypeNames(model),
    ...checkTypes(model),
  ];
}

function error(pos: Position, code: string, message: string, hint: string): Diagnostic {
  return { ...pos, severity: "error", code, message, hint };
}

function checkGroups({ groups }: RestModel): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const { routes } of groups) {
    for (const { spec: route } of routes) {
      if (route.request === undefined || requestType(route) !== undefined) continue;
      found.push(error(
        route.pos,
        "E-unsupported-request",
        "Cannot generate route: its request is no structure",
        "declare a type with one member",
      ));
    }
  }
  return found;
}

/** Sections stand beside the keys of the framework, and keys match without regard to case. */
function checkSections({ spec, tools }: RestModel): Diagnostic[] {
  const found: Diagnostic[] = [];
  const keys = Object.keys(restConfig.definition.fields ?? {});
  if (tools.length > 0) keys.push("Mcp");
  const taken = new Map(keys.map((key) => [key.toLowerCase(), key]));
  for (const { jwt, jwtTransition, pos } of spec.groups) {
    for (const section of [jwt, jwtTransition].filter((name) => name !== undefined)) {
      const other = taken.get(section.toLowerCase());
      taken.set(section.toLowerCase(), other ?? section);
      if (other === undefined || (other === section && !keys.includes(section))) continue;
      found.push(error(
        pos,
        "E-config-section",
        `Cannot generate configuration: section "${section}" has the name of "${other}"`,
        "give the section of `jwt` another name, as in Auth",
      ));
    }
  }
  return found;
}

function checkTypeNames({ spec, typeNames }: RestModel): Diagnostic[] {
  const found: Diagnostic[] = [];
  const first = new Map<string, string>();
  for (const { name, pos } of spec.types) {
    const typed = typeNames.get(name)!;
    const other = first.get(typed);
    if (other === undefined) first.set(typed, name);
    else {
      found.push(error(
        pos,
        "E-type-name",
        `Cannot generate type "${name}": "${other}" is called ${typed} in TypeScript too`,
        "rename one of them",
      ));
    }
  }
  return found;
}

const UNSUPPORTED: ReadonlySet<string> = new Set(["uintptr", "complex64", "complex128"]);

function checkTypes(model: RestModel): Diagnostic[] {
  const { requests } = model.usage;
  const types = model.spec.types.flatMap(({ name, fields }) =>
    fields.flatMap((field) => [
      ...checkField(field),
      ...(requests.has(name) ? checkWideText(field, model) : []),
    ])
  );
  const responses = model.spec.groups.flatMap(({ routes }) =>
    routes.flatMap(({ response, pos }) => response === undefined ? [] : checkType(response, pos))
  );
  return [...types, ...responses];
}

function checkField(field: Field): Diagnostic[] {
  const found = checkType(field.type, field.pos);
  if (membersOf([field], new Map()).some(({ property }) => property === "__proto__")) {
    found.push(error(
      field.pos,
      "E-member-name",
      `Cannot generate member "${field.name}": in JavaScript "__proto__" is no ordinary key`,
      "give it another name in its tag",
    ));
  }
  return found;
}

function checkType(type: TypeRef, pos: Position): Diagnostic[] {
  switch (type.kind) {
    case "base":
      return UNSUPPORTED.has(type.name)
        ? [error(
          pos,
          "E-unsupported-type",
          `Cannot generate type "${type.name}": JSON has no such value`,
          "use a number or a string",
        )]
        : [];
    case "array":
      return checkType(type.item, pos);
    case "map":
      return checkType(type.value, pos);
    case "pointer":
      return checkType(type.target, pos);
    case "struct":
      return type.fields.flatMap(checkField);
    default:
      return [];
  }
}

/** With `--int64 string`, wide integers are text, which has no range. */
function checkWideText(field: Field, model: RestModel): Diagnostic[] {
  if (model.options.int64 !== "string") return [];
  return membersOf([field], new Map())
    .filter(({ field, options }) =>
      field.type.kind === "base" && isWideInteger(field.type.name) && options.has("range")
    )
    .map(({ field }) =>
      error(
        field.pos,
        "E-int64-range",
        `Cannot generate member "${field.name}": --int64 string has no range`,
        "use --int64 number or --int64 bigint",
      )
    );
}

/** Routes whose files would be the same on a file system that ignores case. */
export function checkPaths(files: readonly TextFile[], model: RestModel): Diagnostic[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { path } of files) {
    if (seen.has(path.toLowerCase())) twice.add(path.toLowerCase());
    seen.add(path.toLowerCase());
  }
  return model.groups.flatMap(({ routes }) => routes)
    .filter(({ logicFile }) => twice.has(logicFile.toLowerCase()))
    .map(({ spec, logicFile }) =>
      error(
        spec.pos,
        "E-same-file",
        `Cannot generate route: ${logicFile} is the file of another route too`,
        "rename a handler, or put them into different groups",
      )
    );
}
