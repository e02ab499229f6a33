/**
 * Routes of a server as tools.
 *
 * @module
 */

import type { ServiceError } from "../../core/errors.ts";
import type { Schema } from "../../core/schema/field.ts";
import type { ObjectSchema } from "../../core/schema/object.ts";
import { readText } from "../client/body.ts";
import { PathTemplate } from "../client/path_template.ts";
import { payloadOf } from "../client/request.ts";
import { isIdempotentMethod } from "../client/route.ts";
import { ToolResult } from "./content.ts";
import type { McpTool, ToolHints } from "./definitions.ts";

/** What answers requests; a `Server` does. */
export interface FetchApp {
  /** Answers one request. */
  fetch(request: Request): Response | Promise<Response>;
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

/** Headers of the caller that go on to the route: who asks, and the trace. */
const PASSED_ON = ["authorization", "traceparent", "tracestate", "baggage", "accept-language"];

/** Most bytes of an answer: a model reads it. */
const MAX_ANSWER_BYTES = 1_048_576;

/**
 * Makes a tool of a route. A call goes through the whole chain of `app`, authorization included, with the
 * caller's credentials.
 */
export function routeTool<T>(app: FetchApp, route: ExposedRoute<T>): McpTool<T> {
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
    async call(input, { http }) {
      const payload = schema
        ? payloadOf(template, schema, input)
        : { target: template.fill({}), headers: [], body: undefined };
      const headers = new Headers([...payload.headers].map(([name, value]) => [name, value]));
      for (const name of PASSED_ON) {
        const value = http.request.headers.get(name);
        if (value !== null && !headers.has(name)) headers.set(name, value);
      }
      const url = new URL(payload.target, http.request.url);
      const init = { method, headers, body: payload.body ?? null };
      const response = await app.fetch(new Request(url, init));
      const text = await readText(response, MAX_ANSWER_BYTES, target);
      return answerOf(response, text);
    },
  };
}

/** `GET /users/:id` becomes `get_users_id`. */
function toolName(method: string, route: string): string {
  const words = `${method.toLowerCase()} ${route}`.match(/[A-Za-z0-9]+/g) ?? [];
  return words.join("_").slice(0, 128);
}

function answerOf({ status, headers }: Response, text: string): ToolResult {
  if (status >= 400) return ToolResult.text(detailOf(text) ?? `HTTP ${status}`, { isError: true });
  const value: unknown = headers.get("content-type")?.includes("json") ? parse(text) : undefined;
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const structured = isObject ? { ...value } : value === undefined ? undefined : { result: value };
  return new ToolResult([{ type: "text", text }], structured ? { structured } : {});
}

/** The words of a problem, with what is wrong with each field. */
function detailOf(text: string): string | undefined {
  const { detail, issues }: Partial<ServiceError["details"] & object> = Object(parse(text));
  if (typeof detail !== "string") return undefined;
  return Array.isArray(issues) ? `${detail}\n${JSON.stringify(issues)}` : detail;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
