/**
 * Type and constant of a service.
 *
 * @module
 */

import { lowerCamel } from "../../../rpc/proto/field.ts";
import type { MethodNode, ServiceNode } from "../../proto/ast.ts";
import { isDeprecated, plainOption } from "../../proto/field_traits.ts";
import { docComment, fits, indentLines, propertyLine } from "../code.ts";
import { NameScope, propertyKey } from "../naming.ts";
import type { FileContext } from "./file_context.ts";
import { describe } from "./message_text.ts";

/** What options a method has, by full name: plain data. */
export type MethodOptions = (method: MethodNode) => Readonly<Record<string, unknown>>;

/** Names of the methods of a service in lowerCamel; none is that of a property of all objects. */
export function methodKeys({ methods }: ServiceNode): ReadonlyMap<MethodNode, string> {
  const scope = new NameScope([...Object.getOwnPropertyNames(Object.prototype), "then"]);
  return new Map(methods.map((method) => [method, scope.claim(keyOf(method.name))]));
}

function keyOf(name: string): string {
  const camel = lowerCamel(name);
  // `GETThing` stays readable: only the first letter changes.
  return camel.slice(0, 1).toLowerCase() + camel.slice(1);
}

/** Who sends how many messages. */
export function kindOf({ clientStreaming, serverStreaming }: MethodNode): string {
  if (clientStreaming) return serverStreaming ? "bidi_stream" : "client_stream";
  return serverStreaming ? "server_stream" : "unary";
}

/** Both declarations of a service. */
export function serviceText(
  service: ServiceNode,
  context: FileContext,
  optionsOf: MethodOptions,
): string {
  const { names, file } = context;
  const [constant, methodsType] = [names.services.get(service)!, names.methods.get(service)!];
  const keys = methodKeys(service);
  const members = service.methods.map((method) => memberText(method, keys.get(method)!, context));
  const infos = service.methods.map((method) =>
    infoText(service, method, keys.get(method)!, context, optionsOf(method))
  );
  const doc = describe(service.docs, "", `Service \`${service.fullName}\`.`);
  if (isDeprecated(service.options)) doc.push("", "@deprecated");
  const body = members.length === 0 ? "Record<never, never>" : `{\n${members.join("")}}`;
  const methodsText = infos.length === 0 ? "{}" : `{\n${infos.join("")}  }`;
  return `${
    docComment([`Methods of {@link ${constant}}.`])
  }export type ${methodsType} = ${body};\n\n` +
    docComment(doc) + constantHead(constant, `${context.rpc("ServiceInfo")}`, methodsType) +
    propertyLine("typeName", `"${service.fullName}"`, "  ") + `  methods: ${methodsText},\n` +
    "  get descriptor(): Uint8Array {\n" +
    `    return ${context.runtime("descriptorSet")}(${context.fileConstant(file)});\n  },\n};\n`;
}

function constantHead(name: string, type: string, parameter: string): string {
  const line = `export const ${name}: ${type}<${parameter}> = {`;
  return fits(line) ? `${line}\n` : `export const ${name}: ${type}<\n  ${parameter}\n> = {\n`;
}

function memberText(method: MethodNode, key: string, context: FileContext): string {
  const doc = describe(method.docs, "", `Method \`${method.name}\`.`);
  if (isDeprecated(method.options)) doc.push("", "@deprecated");
  const args = [
    context.type(method.inputType!, { typeOnly: true }),
    context.type(method.outputType!, { typeOnly: true }),
    `"${kindOf(method)}"`,
  ];
  const name = context.rpc("MethodInfo");
  const line = `readonly ${key}: ${name}<${args.join(", ")}>;`;
  const text = fits(line, "  ")
    ? `${line}\n`
    : `readonly ${key}: ${name}<\n${args.map((arg) => `  ${arg}`).join(",\n")}\n>;\n`;
  return docComment(doc, "  ") + indentLines(text, "  ");
}

function infoText(
  service: ServiceNode,
  method: MethodNode,
  key: string,
  context: FileContext,
  options: Readonly<Record<string, unknown>>,
): string {
  const level = plainOption(method.options, "idempotency_level")?.toLowerCase();
  const { name } = method;
  const text = (key: string, value: string) => propertyLine(key, JSON.stringify(value), "      ");
  const members = [
    text("name", name) + text("path", `/${service.fullName}/${name}`),
    text("kind", kindOf(method)),
    propertyLine("input", context.type(method.inputType!), "      "),
    propertyLine("output", context.type(method.outputType!), "      "),
    level === "no_side_effects" || level === "idempotent" ? text("idempotency", level) : "",
    Object.keys(options).length === 0 ? "" : `      options: ${dataText(options, 6)},\n`,
  ];
  return `    ${key}: {\n${members.join("")}    },\n`;
}

/** Plain data as code, a member a line. */
function dataText(value: unknown, indent: number): string {
  const inner = " ".repeat(indent + 2);
  const close = " ".repeat(indent);
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[\n${
      value.map((item) => `${inner}${dataText(item, indent + 2)},\n`).join("")
    }${close}]`;
  }
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Uint8Array) return `Uint8Array.of(${value.join(", ")})`;
  if (typeof value !== "object" || value === null) return scalarText(value);
  const members = Object.entries(value).map(([key, item]) => {
    const text = dataText(item, indent + 2);
    const name = propertyKey(key);
    return text.includes("\n") ? `${inner}${name}: ${text},\n` : propertyLine(name, text, inner);
  });
  return members.length === 0 ? "{}" : `{\n${members.join("")}${close}}`;
}

function scalarText(value: unknown): string {
  return typeof value === "number" && !Number.isFinite(value)
    ? String(value)
    : JSON.stringify(value).replace(/[\u2028\u2029]/g, (char) =>
      `\\u${char.charCodeAt(0).toString(16)}`);
}
