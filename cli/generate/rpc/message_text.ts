/**
 * Interface and constant of a message.
 *
 * @module
 */

import { lowerCamel } from "../../../rpc/proto/field.ts";
import { isDeprecated, plainOption } from "../../proto/field_traits.ts";
import { docComment, fits, indentLines, propertyLine } from "../code.ts";
import {
  type FieldModel,
  type MessageModel,
  type OneofModel,
  typeOf,
  type ValueModel,
  zeroOf,
} from "./field_model.ts";
import type { FileContext } from "./file_context.ts";
import { readBody } from "./read_text.ts";
import { call, literal } from "./statement.ts";
import { writeBody } from "./write_text.ts";

/** Both declarations of a message. */
export function messageText(message: MessageModel, context: FileContext): string {
  return `${interfaceText(message)}\n${constantText(message, context)}`;
}

/** Documentation of a declaration: its comments, or else `fallback`. */
export function describe(
  docs: readonly string[],
  comment: string,
  fallback: string,
): string[] {
  // To JavaScript these end a line too, and with it a comment.
  const lines = docs.map((line) => line.replace(/[\r\u2028\u2029]/g, " "));
  if (lines.some((line) => line.trim() !== "")) return lines;
  return [comment.trim() === "" ? fallback : comment.replace(/[\r\u2028\u2029]/g, " ")];
}

function interfaceText({ node, type, fields, oneofs }: MessageModel): string {
  const doc = describe(node.docs, "", `Message \`${node.fullName}\`.`);
  if (isDeprecated(node.options)) doc.push("", "@deprecated");
  const done = new Set<string>();
  const members = fields.map((field) => {
    if (field.oneof === undefined) return fieldMember(field);
    if (done.has(field.oneof)) return "";
    done.add(field.oneof);
    return oneofMember(oneofs.find(({ key }) => key === field.oneof)!, node.oneofs);
  });
  const unknown = docComment(["Fields that this program does not know, as they came."], "  ") +
    "  $unknown?: Uint8Array | undefined;\n";
  return `${docComment(doc)}export interface ${type} {\n${members.join("")}${unknown}}\n`;
}

function fieldDoc({ node }: FieldModel): string[] {
  const doc = describe(node.docs, node.comment, `Field \`${node.name}\`, number ${node.number}.`);
  if (isDeprecated(node.options)) doc.push("", "@deprecated");
  return doc;
}

function fieldMember(field: FieldModel): string {
  const { key, shape, value, mapKey } = field;
  const type = typeOf(value);
  const doc = docComment(fieldDoc(field), "  ");
  const [line, broken] = {
    single: [`${key}: ${type};`, `${key}:\n    ${type};`],
    list: [`${key}: ${type}[];`, `${key}:\n    ${type}[];`],
    optional: [`${key}?: ${type} | undefined;`, `${key}?:\n    | ${type}\n    | undefined;`],
    map: [
      `${key}: Map<${typeOf(mapKey ?? value)}, ${type}>;`,
      `${key}: Map<\n    ${typeOf(mapKey ?? value)},\n    ${type}\n  >;`,
    ],
  }[shape] as [string, string];
  return `${doc}  ${fits(line, "  ") ? line : broken}\n`;
}

function oneofMember(
  { key, fields }: OneofModel,
  nodes: readonly { readonly name: string; readonly docs: readonly string[] }[],
): string {
  const { docs } = nodes.find(({ name }) => lowerCamel(name) === key.replace(/_+$/, "")) ??
    { docs: [] };
  const names = fields.map(({ key }) => `\`${key}\``).join(", ");
  const doc = [...describe(docs, "", `At most one of ${names}.`)];
  const cases = fields.map((field) => {
    const members = [`readonly case: "${field.key}"`, `readonly value: ${typeOf(field.value)}`];
    const line = `    | { ${members.join("; ")} }\n`;
    const lines = members.map((text) =>
      fits(`${text};`, "      ") ? text : text.replace("value: ", "value:\n        ")
    );
    const broken = `    | {\n${lines.map((text) => `      ${text};\n`).join("")}    }\n`;
    return docComment(fieldDoc(field), "    ") + (fits(line.trimEnd()) ? line : broken);
  });
  const unset = "    | { readonly case: undefined; readonly value?: undefined };\n";
  return `${docComment(doc, "  ")}  ${key}:\n${cases.join("")}${unset}`;
}

function constantText(message: MessageModel, context: FileContext): string {
  const { node, type } = message;
  const make = context.runtime("messageType");
  const messageTypeName = context.runtime("MessageType", { typeOnly: true });
  const doc = docComment([`Makes, writes and reads {@link ${type}}.`]);
  const heads = [
    `export const ${type}: ${messageTypeName}<${type}> = ${make}<${type}>({\n`,
    `export const ${type}: ${messageTypeName}<${type}> = ${make}<\n  ${type}\n>({\n`,
    `export const ${type}: ${messageTypeName}<\n  ${type}\n> = ${make}<${type}>({\n`,
    `export const ${type}: ${messageTypeName}<\n  ${type}\n> = ${make}<\n  ${type}\n>({\n`,
  ];
  const head = heads.find((text) => fits(text.trimEnd())) ?? heads.at(-1)!;
  return `${doc}${head}` +
    propertyLine("typeName", `"${node.fullName}"`, "  ") +
    `  fields: () => ${indentLines(fieldsText(message, context), "  ").trimStart()},\n` +
    `  create: () => (${indentLines(createText(message, context), "  ").trimStart()}),\n` +
    `  write(message, writer) {\n${indentLines(writeBody(message), "    ")}  },\n` +
    `  read(message, reader) {\n${indentLines(readBody(message), "    ")}  },\n});\n`;
}

function createText({ fields }: MessageModel, context: FileContext): string {
  const members: string[] = [];
  const done = new Set<string>();
  for (const field of fields) {
    if (field.oneof === undefined) members.push(`${field.key}: ${emptyText(field)}`);
    else if (!done.has(field.oneof)) {
      done.add(field.oneof);
      members.push(`${field.oneof}: ${context.runtime("oneofUnset")}`);
    }
  }
  return literal(members, "  ", "create: () => (),".length);
}

function emptyText({ shape, value }: FieldModel): string {
  switch (shape) {
    case "list":
      return "[]";
    case "map":
      return "new Map()";
    case "optional":
      return "undefined";
    case "single":
      return zeroOf(value);
  }
}

function fieldsText({ fields }: MessageModel, context: FileContext): string {
  if (fields.length === 0) return "[]";
  const name = context.runtime("field");
  const items = fields.map((field) => {
    const { number, name: declared } = field.node;
    const options = optionTexts(field);
    const args = [`${number}`, `"${declared}"`, valueText(field.value, context)];
    if (options.length > 0) args.push(`{ ${options.join(", ")} }`);
    return indentLines(`${call(name, args, "    ")},\n`, "  ");
  });
  const [only] = items;
  if (items.length === 1 && !only!.trimEnd().includes("\n")) {
    const line = `[${only!.trim().slice(0, -1)}]`;
    if (fits(`fields: () => ${line},`, "  ")) return line;
  }
  return `[\n${items.join("")}]`;
}

function valueText(value: ValueModel, context: FileContext): string {
  if (value.kind === "scalar") return `"${value.name}"`;
  return value.kind === "enum" ? context.enumType(value.node) : value.type;
}

function optionTexts({ node, key, shape, value, mapKey, oneof }: FieldModel): string[] {
  const camel = lowerCamel(node.name);
  const jsonName = plainOption(node.options, "json_name") ?? camel;
  return [
    shape === "list" ? "repeated: true" : "",
    mapKey?.kind === "scalar" ? `map: "${mapKey.name}"` : "",
    shape === "optional" && value.kind !== "message" ? "presence: true" : "",
    oneof === undefined ? "" : `oneof: "${oneof}"`,
    key === camel ? "" : `key: "${key}"`,
    jsonName === camel ? "" : `jsonName: ${JSON.stringify(jsonName)}`,
  ].filter((text) => text !== "");
}
