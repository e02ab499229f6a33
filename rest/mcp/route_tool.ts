/**
 * Routes of a server as tools.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";
import { ValidationError } from "../../core/schema/errors.ts";
import type { Schema } from "../../core/schema/field.ts";
import { parseJson } from "../../core/schema/json.ts";
import type { ObjectSchema } from "../../core/schema/object.ts";
import { readText } from "../client/body.ts";
import { PathTemplate } from "../client/path_template.ts";
import { payloadOf } from "../client/request.ts";
import { isIdempotentMethod } from "../client/route.ts";
import type { ConnectionInfo } from "../context.ts";
import { isObjectSchema } from "./json_schema.ts";
import { ToolResult } from "./content.ts";
import type { McpTool, ToolHints } from "./definitions.ts";

/** What answers requests; a `Server` does. */
export interface FetchApp {
  /** Answers one request, of the peer that `info` tells of. */
  fetch(request: Request, info?: ConnectionInfo): Response | Promise<Response>;
}

/** A route that is offered as a tool. A route for `rest/client` is one. */
export interface ExposedRoute<T> {
  /** The HTTP method, in upper case. */
  readonly method: string;
  /** The path with its variables. */
  readonly path: string;
  /** Describes the request: its fields are the tool's arguments. */
  readonly request?: ObjectSchema<T> | undefined;
  /** Describes the answer, for clients that want a value. */
  readonly response?: Schema<unknown> | undefined;
  /** The tool's name. @default {made of method and path, such as `get_users_id`} */
  readonly name?: string | undefined;
  /** What people read. */
  readonly title?: string | undefined;
  /** What it does, for the model that chooses. */
  readonly description?: string | undefined;
  /** What a client may take for granted. @default {what the method says} */
  readonly hints?: ToolHints | undefined;
}

/** Options for {@link routeTool}. */
export interface ExposeOptions {
  /**
   * Takes the value out of what the app answers with, where that has an envelope about it: `(body) => body.data`. An
   * error of it is told to the model as a failure of the tool.
   *
   * @default {the answer is the value}
   */
  readonly unwrap?: ((body: unknown) => unknown) | undefined;
}

/** Headers of the caller that go on to the route: who asks, and the trace. */
const PASSED_ON = [
  "authorization",
  "x-forwarded-for",
  "forwarded",
  "traceparent",
  "tracestate",
  "baggage",
  "accept-language",
];

/** Most bytes of an answer: a model reads it. */
const MAX_ANSWER_BYTES = 1_048_576;

/**
 * Makes a tool of a route. A call goes through the whole chain of `app`, authorization included, with the
 * caller's credentials.
 */
export function routeTool<T>(
  app: FetchApp,
  route: ExposedRoute<T>,
  options: ExposeOptions = {},
): McpTool<T> {
  const template = new PathTemplate(route.method, route.path);
  const { method, request: schema } = route;
  const target = { method, route: template.route, service: "route" };
  return {
    name: route.name ?? toolName(method, template.route),
    title: route.title,
    description: route.description ?? `${method} ${template.route}`,
    input: schema,
    output: route.response,
    hints: route.hints ??
      { readOnlyHint: method === "GET", idempotentHint: isIdempotentMethod(method) },
    async call(input, { http, signal }) {
      const payload = schema
        ? payloadOf(template, schema, input)
        : { target: template.fill({}), headers: [], body: undefined };
      const headers = headersOf(payload.headers, http.request.headers);
      const url = new URL(payload.target, http.request.url);
      const init = { method, headers, body: payload.body ?? null, signal };
      const response = await app.fetch(new Request(url, init), infoOf(http.remoteAddr));
      const text = await readText(response, MAX_ANSWER_BYTES, target);
      if (response.status >= 400) {
        return ToolResult.text(detailOf(text) ?? `HTTP ${response.status}`, { isError: true });
      }
      return answerOf(response, text, { ...options, schema: route.response });
    },
  };
}

function headersOf(own: Iterable<readonly [string, string]>, caller: Headers): Headers {
  const headers = new Headers([...own].map(([name, value]) => [name, value]));
  for (const name of PASSED_ON) {
    const value = caller.get(name);
    if (value !== null && !headers.has(name)) headers.set(name, value);
  }
  return headers;
}

/** The peer of the caller, so that limits by peer hold for tools as for all else. */
function infoOf(remoteAddr: string): ConnectionInfo | undefined {
  if (remoteAddr === "") return undefined;
  const [, v6, host, port] = /^(?:\[(.*)\]|([^:]*)):(\d+)$/.exec(remoteAddr) ?? [];
  const hostname = v6 ?? host;
  return hostname === undefined
    ? { remoteAddr: { transport: "unix", path: remoteAddr } }
    : { remoteAddr: { transport: "tcp", hostname, port: Number(port) } };
}

/** `GET /users/:id` becomes `get_users_id`. */
function toolName(method: string, route: string): string {
  const words = `${method.toLowerCase()} ${route}`.match(/[A-Za-z0-9]+/g) ?? [];
  return words.join("_").slice(0, 128);
}

interface AnswerOptions extends ExposeOptions {
  readonly schema: Schema<unknown> | undefined;
}

/** @throws {ServiceError} If the value does not fit the schema: clients were told that it would, and would fail. */
function answerOf({ headers }: Response, text: string, options: AnswerOptions): ToolResult {
  const { unwrap, schema } = options;
  const body: unknown = headers.get("content-type")?.includes("json") ? parse(text) : undefined;
  const value = unwrap ? unwrap(body) : body;
  const result = schema?.safeParse(value);
  if (result && !result.ok) {
    throw new ServiceError(
      "internal",
      "Cannot answer: what the route says does not fit its schema",
      {
        cause: new ValidationError(result.issues),
      },
    );
  }
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value) &&
    (!schema || isObjectSchema(schema));
  const structured = isObject ? { ...value } : value === undefined ? undefined : { result: value };
  const words = unwrap ? JSON.stringify(value) ?? text : text;
  return new ToolResult([{ type: "text", text: words }], structured ? { structured } : {});
}

/** The words of a problem, with what is wrong with each field. */
function detailOf(text: string): string | undefined {
  const { detail, issues }: Partial<ServiceError["details"] & object> = Object(parse(text));
  if (typeof detail !== "string") return undefined;
  return Array.isArray(issues) ? `${detail}\n${JSON.stringify(issues)}` : detail;
}

/** Every digit stays: a long integer is one for the client too. */
function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
