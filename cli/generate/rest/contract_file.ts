/**
 * `internal/handler/contract.gen.ts`: what each logic class must offer, so that a changed `.api` file
 * is a type error in the logic.
 *
 * @module
 */

import type { TypeRef } from "../../api/spec.ts";
import { docComment, fits, importBlock } from "../code.ts";
import { genFile, type TextFile } from "../generated_file.ts";
import type { RestModel, RouteModel } from "./model.ts";
import { typeText } from "./type_text.ts";
import { contextOf, refsOf, typeImports } from "./types_files.ts";

/** Path of the file. */
export const CONTRACT_PATH = "internal/handler/contract.gen.ts";

/** The file. */
export function contractFile(model: RestModel): TextFile {
  const routes = model.groups.flatMap(({ routes }) => routes);
  const names = new Set(routes.flatMap((route) => [...routeRefs(route, model)]));
  const imports = importBlock(
    typeImports([...names], CONTRACT_PATH, model),
  );
  const contracts = routes.map((route) => contractText(route, model));
  const body = [imports === "" ? "" : `${imports}\n`, ...contracts].filter(Boolean).join("\n");
  return genFile(CONTRACT_PATH, model.options.source, body);
}

/** Declared types that the contract of a route names. */
export function routeRefs({ spec }: RouteModel, model: RestModel): Set<string> {
  const context = contextOf("", model);
  const types = [spec.request, spec.response].filter((type) => type !== undefined);
  return new Set(types.flatMap((type) => [...refsOf(type, context)]));
}

function contractText(route: RouteModel, model: RestModel): string {
  const { contract, method } = route;
  const doc = docComment([`What answers \`${route.title}\`.`]);
  // A property, not a method: only then are the types of parameters compared strictly.
  const request = route.request === undefined ? "" : `request: ${route.request}`;
  const result = resultText(route, model);
  const line = `readonly ${method}: (${request}) => ${result};`;
  const member = fits(line, "  ") || request === ""
    ? `  ${line}`
    : `  readonly ${method}: (\n    ${request},\n  ) => ${result};`;
  const memberDoc = docComment(describe(route), "  ");
  return `${doc}export interface ${contract} {\n${memberDoc}${member}\n}\n`;
}

/** The documentation of a route, line by line. */
export function describe({ spec }: RouteModel): string[] {
  const { doc, docs, handlerDocs, comment } = spec;
  const text = doc["summary"] ?? doc.text ?? "";
  const lines = [text.split("\n"), docs, handlerDocs, [comment]].find((lines) =>
    lines.join("") !== ""
  );
  // To JavaScript these end a line too, and with it a comment.
  return (lines ?? []).map((line) => line.replace(/[\r\u2028\u2029]/g, " "));
}

/** Type of what the logic method of a route gives. */
export function resultText(route: RouteModel, model: RestModel): string {
  const { response } = route.spec;
  const value = response === undefined ? "void" : responseText(response, model);
  return route.sse ? `AsyncIterable<${value}>` : `Promise<${value}>`;
}

/** Type of a response or of an event of it. */
function responseText(response: TypeRef, model: RestModel): string {
  return typeText(response, contextOf("", model));
}
