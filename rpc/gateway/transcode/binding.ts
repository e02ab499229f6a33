/**
 * What makes a message of an HTTP request, and an answer of a message.
 *
 * @module
 */

import { isMessage } from "../../proto/field.ts";
import type { FieldInfo } from "../../proto/field.ts";
import type { HttpRule } from "../../proto/google/api/http.gen.ts";
import { WELL_KNOWN } from "../../proto/json_well_known.ts";
import type { MessageType } from "../../proto/message_type.ts";
import type { GatewayMethod } from "../method.ts";
import { parseTemplate, type PathTemplate } from "../template/path_template.ts";
import { templateOfPattern } from "../template/rest_pattern.ts";
import { fieldNamed, findPlace } from "./field_path.ts";

/** A way to call a method by HTTP. */
export interface Binding {
  /** The HTTP method; `*` for all. */
  readonly httpMethod: string;
  /** Which paths. */
  readonly template: PathTemplate;
  /**
   * What becomes of the body: nothing, the whole message, one field. `merged` is the whole message too, and what query,
   * form and path say comes over it.
   */
  readonly body: "none" | "message" | "merged" | FieldInfo;
  /** The field that is answered instead of the whole message. */
  readonly responseBody: FieldInfo | undefined;
}

/** A route of a configuration file. */
export interface RouteMapping {
  /** The HTTP method, in capitals or not. */
  readonly Method: string;
  /** The path as `rest` has it, `/users/:id`. */
  readonly Path: string;
  /** The method to call, `shop.v1.Orders/Get`. */
  readonly RpcPath?: string | undefined;
}

/**
 * The bindings that a method's annotation names; none without one.
 *
 * @throws {SyntaxError} If a rule is wrong; the message names the method.
 */
export function bindingsOfRule(method: GatewayMethod): Binding[] {
  const { rule } = method;
  if (!rule) return [];
  const rules = [rule, ...rule.additionalBindings];
  return rules.flatMap((each) => {
    if (each !== rule && each.additionalBindings.length > 0) {
      throw ruleFault(method, "additional bindings have additional bindings");
    }
    return each.pattern.case === undefined ? [] : [bindingOf(method, each)];
  });
}

/** The path on the wire of the method that a mapping names, with or without a slash before it. */
export function pathOfMapping(rpcPath: string): string {
  return `/${rpcPath.replace(/^\//, "")}`;
}

/** The binding of a route of a configuration file. */
export function bindingOfMapping({ Method, Path }: RouteMapping): Binding {
  return {
    httpMethod: Method.toUpperCase(),
    template: templateOfPattern(Path),
    body: "merged",
    responseBody: undefined,
  };
}

function bindingOf(method: GatewayMethod, { pattern, body, responseBody }: HttpRule): Binding {
  const [httpMethod, path] = pattern.case === "custom"
    ? [pattern.value.kind, pattern.value.path]
    : [pattern.case!.toUpperCase(), pattern.value as string];
  if (httpMethod !== "*" && !/^[A-Za-z][\w-]*$/.test(httpMethod)) {
    throw ruleFault(method, `${JSON.stringify(httpMethod)} is no HTTP method`);
  }
  const template = templateOf(method, path);
  for (const { fieldPath } of template.variables) checkVariable(method, fieldPath);
  return {
    httpMethod,
    template,
    body: body === "" ? "none" : body === "*" ? "message" : fieldIn(method, method.input, body),
    responseBody: responseBody === "" ? undefined : fieldIn(method, method.output, responseBody),
  };
}

function templateOf(method: GatewayMethod, path: string): PathTemplate {
  try {
    return parseTemplate(path);
  } catch (error) {
    throw ruleFault(method, error instanceof Error ? error.message : String(error));
  }
}

function fieldIn(method: GatewayMethod, type: MessageType<object>, name: string): FieldInfo {
  const field = fieldNamed(type, name);
  if (field) return field;
  throw ruleFault(method, `${type.typeName} has no field ${name}`);
}

function checkVariable(method: GatewayMethod, fieldPath: readonly string[]): void {
  const place = findPlace(method.input, fieldPath);
  const name = fieldPath.join(".");
  if (!place) throw ruleFault(method, `${method.input.typeName} has no field ${name}`);
  const { type, repeated } = place.fields.at(-1)!;
  const isText = !isMessage(type) || WELL_KNOWN.has(type.typeName);
  if (repeated || place.mapKey !== undefined || !isText) {
    throw ruleFault(method, `${name} holds more than a path can say`);
  }
}

function ruleFault(method: GatewayMethod, problem: string): SyntaxError {
  return new SyntaxError(`Cannot serve ${method.path} by HTTP: ${problem}`);
}
