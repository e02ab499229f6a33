/**
 * The names of a REST service: what each route, middleware and config section is called, and where
 * its files stand.
 *
 * @module
 */

import type { ApiSpec, RouteGroupSpec, RouteSpec } from "../../api/spec.ts";
import {
  camelCase,
  NameScope,
  pascalCase,
  safeIdentifier,
  splitWords,
  typeName,
} from "../naming.ts";
import { type ToolModel, toolsOf } from "./mcp/tool.ts";
import type { RestOptions } from "./options.ts";
import { schemaNamesOf, typeFilesOf } from "./type_places.ts";
import { type Usage, usageOf } from "./usage.ts";

/** A service, ready to be written. */
export interface RestModel {
  /** What it was made of. */
  readonly spec: ApiSpec;
  /** How it is written. */
  readonly options: RestOptions;
  /** Name of the service, `-api` removed, lower case: names `etc/<name>.yaml`. */
  readonly service: string;
  /** Groups in the order of the spec. */
  readonly groups: readonly GroupModel[];
  /** Every middleware once, by name. */
  readonly middleware: readonly MiddlewareModel[];
  /** Config sections of `jwt`, by name. */
  readonly jwtSections: readonly string[];
  /** Config sections of `jwtTransition`, by name. */
  readonly transitionSections: readonly string[];
  /** Routes that are tools of an MCP server too. */
  readonly tools: readonly ToolModel[];
  /** Whether any group asks for signatures. */
  readonly signed: boolean;
  /** Where declared types are used. */
  readonly usage: Usage;
  /** TypeScript name of each declared type. */
  readonly typeNames: ReadonlyMap<string, string>;
  /** File of each declared type. */
  readonly typeFiles: ReadonlyMap<string, string>;
  /** Name of the schema of each declared type. */
  readonly schemaNames: ReadonlyMap<string, string>;
  /** File of the service context. */
  readonly contextFile: string;
}

/** A group of routes. */
export interface GroupModel {
  /** What it was made of. */
  readonly spec: RouteGroupSpec;
  /** Its middleware, in order. */
  readonly middleware: readonly MiddlewareModel[];
  /** Its routes. */
  readonly routes: readonly RouteModel[];
}

/** A middleware that the user writes. */
export interface MiddlewareModel {
  /** Member of the service context: `audit`. */
  readonly member: string;
  /** Function that makes it: `auditMiddleware`. */
  readonly factory: string;
  /** File of that function. */
  readonly file: string;
}

/** A route. */
export interface RouteModel {
  /** What it was made of. */
  readonly spec: RouteSpec;
  /** Method and path, prefix included: `GET /v1/users`. */
  readonly title: string;
  /** Whether it streams events. */
  readonly sse: boolean;
  /** Whether it has a handler file of its own. */
  readonly handler: HandlerModel | undefined;
  /** TypeScript type of the request, if it takes one. */
  readonly request: string | undefined;
  /** Method of the logic class: `createUser`. */
  readonly method: string;
  /** Logic class in its own file: `CreateUserLogic`. */
  readonly logic: string;
  /** Logic class as other files name it, unique: `UserCreateUserLogic`. */
  readonly logicAlias: string;
  /** File of the logic class. */
  readonly logicFile: string;
  /** Interface the logic class implements. */
  readonly contract: string;
}

/** A handler that the user writes. */
export interface HandlerModel {
  /** Function that makes it: `createUserHandler`. */
  readonly factory: string;
  /** That function as other files name it, unique. */
  readonly alias: string;
  /** File of that function. */
  readonly file: string;
}

/** Names everything of `spec`. */
export function restModel(spec: ApiSpec, options: RestOptions): RestModel {
  const names = [...new Set(spec.groups.flatMap(({ middleware }) => middleware))].sort();
  const middleware = middlewareModels(names, options);
  const scopes = { exports: new NameScope(), routes: new NameScope(ROUTES_FILE_NAMES) };
  const groups = spec.groups.map((group) => ({
    spec: group,
    middleware: group.middleware.map((name) => middleware.get(name)!),
    routes: group.routes.map((route) => routeModel(group, route, options, scopes)),
  }));
  const handlers = groups.flatMap(({ routes }) => routes)
    .flatMap(({ handler }) => handler === undefined ? [] : [handler.alias, handler.factory]);
  const usage = usageOf(spec);
  return {
    spec,
    options,
    service: serviceName(spec.service),
    groups,
    middleware: [...new Set(middleware.values())],
    jwtSections: distinct(spec.groups.map(({ jwt }) => jwt)),
    transitionSections: distinct(spec.groups.map(({ jwtTransition }) => jwtTransition)),
    tools: toolsOf(groups),
    signed: spec.groups.some(({ signature, routes }) => signature && routes.length > 0),
    usage,
    typeFiles: typeFilesOf(spec, usage, options),
    schemaNames: schemaNamesOf(spec, handlers),
    typeNames: new Map(spec.types.map(({ name }) => [name, typeName(name)])),
    contextFile: `internal/svc/${options.style("service_context")}.ts`,
  };
}

/** Names that the generated `routes.gen.ts` uses itself. */
const ROUTES_FILE_NAMES = [
  "authorize",
  "empty",
  "registerRoutes",
  "respond",
  "Server",
  "ServiceContext",
  "signatureFromConfig",
  "sse",
  "types",
];

/** `greet` of `greet-api`. */
export function serviceName(declared: string): string {
  return declared.replace(/-api$/, "").toLowerCase();
}

function distinct(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

/** `Audit` and `AuditMiddleware` are the same middleware. */
function middlewareModels(
  names: readonly string[],
  { style }: RestOptions,
): Map<string, MiddlewareModel> {
  const models = new Map<string, MiddlewareModel>();
  const byBase = new Map<string, MiddlewareModel>();
  // `config` is a member of every service context.
  const members = new NameScope(["config"]);
  for (const name of names) {
    const base = name.replace(/middleware$/i, "") || name;
    const known = byBase.get(camelCase(base));
    const model = known ?? {
      member: members.claim(safeIdentifier(camelCase(base))),
      factory: `${camelCase(base)}Middleware`,
      file: `internal/middleware/${style(base, "middleware")}.ts`,
    };
    byBase.set(camelCase(base), model);
    models.set(name, model);
  }
  return models;
}

interface Scopes {
  readonly exports: NameScope;
  readonly routes: NameScope;
}

function routeModel(
  group: RouteGroupSpec,
  route: RouteSpec,
  options: RestOptions,
  scopes: Scopes,
): RouteModel {
  const { style } = options;
  const folder = group.group === "" ? "" : `${group.group.toLowerCase()}/`;
  const name = pascalCase(route.handler);
  const qualified = pascalCase(group.group) + name;
  const ownHandler = options.handlers || group.annotations["raw"] === "true";
  return {
    spec: route,
    title: `${route.method} ${group.prefix}${route.path}`,
    sse: group.sse,
    handler: ownHandler
      ? {
        factory: `${camelCase(route.handler)}Handler`,
        alias: scopes.routes.claim(`${camelCase(qualified)}Handler`),
        file: `internal/handler/${folder}${style(route.handler, "handler")}.ts`,
      }
      : undefined,
    request: requestType(route),
    method: safeIdentifier(camelCase(route.handler)),
    logic: `${name}Logic`,
    logicAlias: scopes.routes.claim(`${qualified}Logic`),
    logicFile: `internal/logic/${folder}${style(route.handler, "logic")}.ts`,
    contract: scopes.exports.claim(`${qualified}Contract`),
  };
}

/** Declared name of the request type; a pointer to it is the same to a server. */
export function requestType({ request }: RouteSpec): string | undefined {
  const target = request?.kind === "pointer" ? request.target : request;
  return target?.kind === "ref" ? typeName(target.name) : undefined;
}

/** A name as words: `create user`. */
export function wordsOf(name: string): string {
  return splitWords(name).map((word) => /^[A-Z]{2,}/.test(word) ? word : word.toLowerCase()).join(
    " ",
  );
}
