/**
 * Constants and type of an enum.
 *
 * @module
 */

import { isDeprecated } from "../../proto/field_traits.ts";
import type { EnumNode } from "../../proto/ast.ts";
import { docComment, fits, indentLines } from "../code.ts";
import type { FileContext } from "./file_context.ts";
import { describe } from "./message_text.ts";

/** The three declarations of an enum. */
export function enumText(node: EnumNode, context: FileContext): string {
  const type = context.type(node);
  const described = describe(node.docs, "", `Enum \`${node.fullName}\`.`);
  if (isDeprecated(node.options)) described.push("", "@deprecated");
  const doc = docComment(described);
  const members = node.values.map((value) => {
    const lines = describe(value.docs, value.comment, `Number ${value.number}.`);
    if (isDeprecated(value.options)) lines.push("", "@deprecated");
    return `${docComment(lines, "  ")}  readonly ${memberName(value.name)}: ${value.number};\n`;
  });
  const values = node.values.map(({ name, number }) => `  ${memberName(name)}: ${number},\n`);
  const constant = `export const ${type}: {\n${members.join("")}} = {\n${values.join("")}};\n`;
  const numbers = [...new Set(node.values.map(({ number }) => number))].sort((a, b) => a - b);
  return `${doc}${constant}\n${typeDoc(node)}${typeText(type, numbers)}\n` +
    `${docComment([`Names and numbers of {@link ${type}}.`])}${describeText(node, type, context)}`;
}

/** In a literal, a plain `__proto__` would set the prototype. */
function memberName(name: string): string {
  return name === "__proto__" ? '["__proto__"]' : name;
}

function typeDoc({ fullName }: EnumNode): string {
  return docComment([
    `A number of \`${fullName}\`. What comes over the wire may be another one that a newer program knows.`,
  ]);
}

function typeText(type: string, numbers: readonly number[]): string {
  const line = `export type ${type} = ${numbers.join(" | ")};`;
  if (fits(line)) return `${line}\n`;
  return `export type ${type} =\n${
    numbers.map((number) => `  | ${number}\n`).join("").trimEnd()
  };\n`;
}

function describeText(node: EnumNode, type: string, context: FileContext): string {
  const make = context.runtime("enumType");
  const enumTypeName = context.runtime("EnumType", { typeOnly: true });
  const name = context.enumType(node);
  const args = [`"${node.fullName}"`, type];
  const call = `${make}(${args.join(", ")});\n`;
  const broken = `${make}(\n${args.map((arg) => `  ${arg},\n`).join("")});\n`;
  const inner = indentLines(broken, "  ");
  const forms = [
    `export const ${name}: ${enumTypeName} = ${call}`,
    `export const ${name}: ${enumTypeName} = ${broken}`,
    `export const ${name}: ${enumTypeName} =\n  ${call}`,
    `export const ${name}: ${enumTypeName} =\n${inner}`,
  ];
  return forms.find((text) => fitsBehind(text)) ??
    `export const ${name}:\n  ${enumTypeName} = ${inner.trimStart()}`;
}

/** Whether all lines fit that the formatter could break further: it has no place to do so within a name. */
function fitsBehind(text: string): boolean {
  return text.split("\n").every((line) => fits(line) || /^ +("[^"]*"|[\w]+),$/.test(line));
}
