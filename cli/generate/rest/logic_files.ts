/**
 * Files that are created once for each route: logic, and handlers where they are asked for.
 *
 * @module
 */

import { docComment, fits, importBlock, relativeImport } from "../code.ts";
import { onceFile, type TextFile } from "../generated_file.ts";
import { CONTRACT_PATH, describe, resultText, routeRefs } from "./contract_file.ts";
import type { RestModel, RouteModel } from "./model.ts";
import { answerOf, handlerText, schemaImports } from "./routes_file.ts";
import { typeImports } from "./types_files.ts";

/** The body of a logic method, for services that come with working logic. */
export interface LogicBody {
  /** Lines of the method, without indentation. They may read `request`. */
  readonly lines: readonly string[];
  /** Whether the method awaits something. */
  readonly isAsync: boolean;
}

/** Bodies by handler name. */
export type LogicBodies = ReadonlyMap<string, LogicBody>;

/** Logic and handler files of all routes. */
export function logicFiles(model: RestModel, bodies: LogicBodies): TextFile[] {
  return model.groups.flatMap(({ routes }) => routes).flatMap((route) => [
    onceFile(route.logicFile, logicText(route, model, bodies.get(route.spec.handler))),
    ...(route.handler === undefined
      ? []
      : [onceFile(route.handler.file, handlerFileText(route, model))]),
  ]);
}

function logicText(route: RouteModel, model: RestModel, body: LogicBody | undefined): string {
  const { logic, logicFile, contract } = route;
  const imports = importBlock([
    { names: ["Context"], from: "@zeno/zeno/rest", typeOnly: true },
    { names: body === undefined ? ["ServiceError"] : [], from: "@zeno/zeno/core/errors" },
    { names: [contract], from: relativeImport(logicFile, CONTRACT_PATH), typeOnly: true },
    {
      names: ["ServiceContext"],
      from: relativeImport(logicFile, model.contextFile),
      typeOnly: true,
    },
    ...typeImports([...routeRefs(route, model)], logicFile, model),
  ]);
  const doc = docComment([`Logic of \`${route.title}\`.`]);
  return `${imports}\n\n${doc}export class ${logic} implements ${contract} {\n` +
    "  readonly #context: Context;\n  readonly #svc: ServiceContext;\n\n" +
    docComment(["Made for each request."], "  ") +
    "  constructor(context: Context, svc: ServiceContext) {\n" +
    "    this.#context = context;\n    this.#svc = svc;\n  }\n\n" +
    `${methodText(route, model, body)}}\n`;
}

function methodText(route: RouteModel, model: RestModel, body: LogicBody | undefined): string {
  const { method, request } = route;
  const keyword = route.sse ? "async *" : body?.isAsync ? "async " : "";
  const name = body === undefined ? "_request" : "request";
  const parameter = request === undefined ? "" : `${name}: ${request}`;
  const result = resultText(route, model);
  const line = `${keyword}${method}(${parameter}): ${result} {`;
  const head = fits(line, "  ") || parameter === ""
    ? `  ${line}\n`
    : `  ${keyword}${method}(\n    ${parameter},\n  ): ${result} {\n`;
  const described = describe(route);
  const doc = docComment(described.length > 0 ? described : ["Answers the request."], "  ");
  const lines = body?.lines ?? scaffoldLines(route);
  return `${doc}${head}${lines.map((text) => text === "" ? "\n" : `    ${text}\n`).join("")}  }\n`;
}

/** A body that says that the logic is still to be written. */
function scaffoldLines(route: RouteModel): string[] {
  const message = JSON.stringify(`Cannot answer ${route.title}: its logic is not written yet`);
  const error = `new ServiceError("unimplemented", ${message})`;
  if (!route.sse) {
    const line = `throw ${error};`;
    return fits(line, "    ")
      ? [line]
      : ["throw new ServiceError(", `  "unimplemented",`, `  ${message},`, ");"];
  }
  return [
    `const error = new ServiceError(`,
    `  "unimplemented",`,
    `  ${message},`,
    ");",
    "// Each `yield` sends one event.",
    "yield await Promise.reject(error);",
  ];
}

function handlerFileText(route: RouteModel, model: RestModel): string {
  const { factory, file } = route.handler!;
  const imports = importBlock([
    { names: ["Handler"], from: "@zeno/zeno/rest", typeOnly: true },
    { names: [answerOf(route)], from: "@zeno/zeno/rest" },
    { names: [route.logic], from: relativeImport(file, route.logicFile) },
    { names: ["ServiceContext"], from: relativeImport(file, model.contextFile), typeOnly: true },
    ...schemaImports([route], model, file),
  ]);
  const doc = docComment([`Handles \`${route.title}\`.`]);
  return `${imports}\n\n${doc}export function ${factory}(svc: ServiceContext): Handler {\n` +
    `  return ${handlerText(route, route.logic, model, "  ")};\n}\n`;
}
