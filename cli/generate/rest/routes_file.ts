/**
 * `internal/handler/routes.gen.ts`: binds every route to its logic.
 *
 * @module
 */

import { docComment, fits, importBlock, type ImportSpec, relativeImport } from "../code.ts";
import { genFile, type TextFile } from "../generated_file.ts";
import { holdsBytes } from "./bytes.ts";
import { describe } from "./contract_file.ts";
import type { GroupModel, RestModel, RouteModel } from "./model.ts";
import { propertyKey } from "../naming.ts";
import { SCHEMA_PATH } from "./type_places.ts";

/** Path of the file. */
export const ROUTES_PATH = "internal/handler/routes.gen.ts";

/** The file. */
export function routesFile(model: RestModel): TextFile {
  const calls = model.groups.filter(({ routes }) => routes.length > 0)
    .map((group) => groupText(group, model));
  const body = `${importBlock(importsOf(model))}\n\n` +
    docComment(["Adds every route of the .api file to the server."]) +
    "export function registerRoutes(server: Server, svc: ServiceContext): void {\n" +
    `${calls.join("\n")}}\n`;
  return genFile(ROUTES_PATH, model.options.source, body);
}

function importsOf(model: RestModel): ImportSpec[] {
  const routes = model.groups.flatMap(({ routes }) => routes);
  const direct = routes.filter(({ handler }) => handler === undefined);
  const answers = new Set(direct.map(answerOf));
  const secured = model.jwtSections.length + model.transitionSections.length > 0;
  return [
    { names: [...answers], from: "@zeno/zeno/rest" },
    { names: ["Server"], from: "@zeno/zeno/rest", typeOnly: true },
    { names: secured ? ["authorize"] : [], from: "@zeno/zeno/rest/jwt" },
    {
      names: model.signed ? ["signatureFromConfig"] : [],
      from: "@zeno/zeno/rest/security/content_security",
    },
    {
      names: ["ServiceContext"],
      from: relativeImport(ROUTES_PATH, model.contextFile),
      typeOnly: true,
    },
    ...direct.map(({ logic, logicAlias, logicFile }) => ({
      names: [importName(logic, logicAlias)],
      from: relativeImport(ROUTES_PATH, logicFile),
    })),
    ...routes.flatMap(({ handler }) =>
      handler === undefined ? [] : [{
        names: [importName(handler.factory, handler.alias)],
        from: relativeImport(ROUTES_PATH, handler.file),
      }]
    ),
    ...schemaImports(direct, model, ROUTES_PATH),
  ];
}

function importName(name: string, alias: string): string {
  return name === alias ? name : `${name} as ${alias}`;
}

/** Import of the schemas of these routes. */
export function schemaImports(
  routes: readonly RouteModel[],
  model: RestModel,
  path: string,
): ImportSpec[] {
  const names = routes.map((route) => schemaOf(route, model)).filter((name) => name !== undefined);
  return [{ names, from: relativeImport(path, SCHEMA_PATH) }];
}

/** Name of the schema of the request of a route. */
export function schemaOf({ request }: RouteModel, model: RestModel): string | undefined {
  const declared = [...model.typeNames].find(([, name]) => name === request)?.[0];
  return declared === undefined ? undefined : model.schemaNames.get(declared);
}

/** The function that makes the answer of a route. */
export function answerOf({ sse, spec }: RouteModel): "sse" | "respond" | "empty" {
  if (sse) return "sse";
  return spec.response === undefined ? "empty" : "respond";
}

function groupText(group: GroupModel, model: RestModel): string {
  const routes = group.routes.map((route) => routeText(route, model)).join("");
  const options = optionLines(group);
  if (options.length === 0) return `  server.addRoutes([\n${routes}  ]);\n`;
  return `  server.addRoutes([\n${routes}  ], {\n${options.join("")}  });\n`;
}

function routeText(route: RouteModel, model: RestModel): string {
  const { method, path } = route.spec;
  const comment = describe(route).slice(0, 1).map((text) => `    // ${text}\n`).join("");
  const handler = route.handler === undefined
    ? `handler: ${handlerText(route, route.logicAlias, model, "      ")},`
    : `handler: ${route.handler.alias}(svc),`;
  return `${comment}    {\n      method: ${JSON.stringify(method)},\n` +
    `      path: ${JSON.stringify(path)},\n      ${handler}\n    },\n`;
}

/** A handler that binds the request, calls the logic and answers. */
export function handlerText(
  route: RouteModel,
  logic: string,
  model: RestModel,
  indent: string,
): string {
  const inner = `${indent}  `;
  const schema = schemaOf(route, model);
  const bind = schema === undefined
    ? ""
    : fits(`const request = await context.bind(${schema});`, inner)
    ? `${inner}const request = await context.bind(${schema});\n`
    : `${inner}const request = await context.bind(\n${inner}  ${schema},\n${inner});\n`;
  const call = `new ${logic}(context, svc).${route.method}(${
    schema === undefined ? "" : "request"
  })`;
  const head = route.sse && schema === undefined
    ? "(_request, context)"
    : "async (_request, context)";
  return `${head} => {\n${bind}${answerText(route, model, call, inner)}${indent}}`;
}

function answerText(route: RouteModel, model: RestModel, call: string, indent: string): string {
  switch (answerOf(route)) {
    case "empty":
      return `${indent}await ${call};\n${indent}return empty();\n`;
    case "sse": {
      const line = `return sse(context, ${call});`;
      if (fits(line, indent)) return `${indent}${line}\n`;
      return `${indent}const events = ${call};\n${indent}return sse(context, events);\n`;
    }
    case "respond": {
      const options = answersBytes(route, model) ? ", { bytes: true }" : "";
      const line = `return respond(context, await ${call}${options});`;
      if (fits(line, indent)) return `${indent}${line}\n`;
      return `${indent}const response = await ${call};\n` +
        `${indent}return respond(context, response${options});\n`;
    }
  }
}

function answersBytes({ spec }: RouteModel, model: RestModel): boolean {
  const structs = new Map(model.spec.types.map((type) => [type.name, type]));
  return spec.response !== undefined && holdsBytes(spec.response, structs);
}

function optionLines({ spec, middleware }: GroupModel): string[] {
  const lines: string[] = [];
  if (spec.prefix !== "") lines.push(`    prefix: ${JSON.stringify(spec.prefix)},\n`);
  // The time limit of the service is made for answers, and not for streams to begin.
  const timeoutMs = spec.timeoutMs ?? (spec.sse ? 0 : undefined);
  if (timeoutMs !== undefined) lines.push(`    timeoutMs: ${timeoutMs},\n`);
  if (spec.maxBytes !== undefined) lines.push(`    maxBytes: ${spec.maxBytes},\n`);
  const authorize = authorizeText(spec.jwt, spec.jwtTransition);
  const layers = [
    ...(authorize === undefined ? [] : [authorize]),
    ...(spec.signature ? ["signatureFromConfig(svc.config.Signature)"] : []),
    ...middleware.map(({ member }) => `svc.${member}`),
  ];
  if (layers.length === 0) return lines;
  const line = `    middleware: [${layers.join(", ")}],\n`;
  lines.push(
    fits(line.trimEnd()) && !line.trimEnd().includes("\n")
      ? line
      : `    middleware: [\n${layers.map((layer) => `      ${layer},\n`).join("")}    ],\n`,
  );
  return lines;
}

/** The authorising middleware of a group, at the indentation of the list of middleware. */
function authorizeText(
  jwt: string | undefined,
  transition: string | undefined,
): string | undefined {
  if (jwt === undefined && transition === undefined) return undefined;
  const secret = jwt === undefined
    ? `${section(transition!)}.Secret`
    : `${section(jwt)}.AccessSecret`;
  if (transition === undefined) return `authorize({ secret: ${secret} })`;
  const previous = `${section(transition)}.PrevSecret`;
  return `authorize({\n        secret: ${secret},\n        previousSecret: ${previous},\n      })`;
}

function section(name: string): string {
  const key = propertyKey(name);
  return key === name ? `svc.config.${name}` : `svc.config[${key}]`;
}
