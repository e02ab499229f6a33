/**
 * Code that writes the fields of a message.
 *
 * @module
 */

import { fits, indentLines } from "../code.ts";
import {
  type FieldModel,
  type MessageModel,
  tagOf,
  type ValueModel,
  wireOf,
  zeroOf,
} from "./field_model.ts";
import { block, controlled } from "./statement.ts";

/** Methods that take packed numbers at once, where that is faster. */
const BULK: Readonly<Record<string, string>> = {
  double: "doubles",
  float: "floats",
  int32: "int32s",
};

/** Indentation of the body of the method. */
const INDENT = "    ";

/** The body of `write(message, writer)`, fields by number, unknown ones at the end. */
export function writeBody({ fields, oneofs }: MessageModel): string {
  const parts = fields.filter(({ oneof }) => oneof === undefined)
    .map((field) => ({ number: field.node.number, text: writeField(field) }));
  for (const { key, fields } of oneofs) {
    const cases = fields.map((field) => {
      const body = `${writeValue(field.node.number, field.value, `message.${key}.value`)}break;\n`;
      return field.value.kind === "message"
        ? block(`case "${field.key}":`, body)
        : `case "${field.key}":\n${indentLines(body, "  ")}`;
    });
    const number = Math.min(...fields.map(({ node }) => node.number));
    parts.push({ number, text: block(`switch (message.${key}.case)`, cases.join("")) });
  }
  parts.sort((a, b) => a.number - b.number);
  const unknown = "if (message.$unknown !== undefined) writer.raw(message.$unknown);\n";
  return parts.map(({ text }) => text).join("") + unknown;
}

function writeField(field: FieldModel): string {
  const target = `message.${field.key}`;
  const { number } = field.node;
  switch (field.shape) {
    case "map":
      return writeMap(field, target);
    case "list":
      return field.packed ? writePacked(field, target) : loop(field, target);
    case "optional":
      return guarded(`if (${target} !== undefined)`, writeValue(number, field.value, target));
    case "single":
      return guarded(
        `if (${notZero(field.value, target)})`,
        writeValue(number, field.value, target),
      );
  }
}

function loop({ node, value }: FieldModel, target: string): string {
  return guarded(`for (const item of ${target})`, writeValue(node.number, value, "item"));
}

/** A statement of one line needs no braces. */
function guarded(head: string, body: string): string {
  const isLine = body.indexOf("\n") === body.length - 1;
  return isLine ? controlled(head, body.slice(0, -2), INDENT) : block(head, body);
}

function notZero(value: ValueModel, target: string): string {
  if (value.kind === "message") throw new TypeError("Cannot compare a message with zero");
  if (value.kind === "enum") return `${target} !== 0`;
  switch (value.scalar.type) {
    case "boolean":
      return target;
    case "Uint8Array":
      return `${target}.length > 0`;
    case "number":
      // Minus zero is not the default.
      return value.name === "double" || value.name === "float"
        ? `!Object.is(${target}, 0)`
        : `${target} !== 0`;
    default:
      return `${target} !== ${zeroOf(value)}`;
  }
}

/** Tag and value; `mark` is a name that is free. */
function writeValue(
  number: number,
  value: ValueModel,
  target: string,
  mark: string = "mark",
): string {
  const tag = tagOf(number, wireOf(value));
  if (value.kind !== "message") {
    const line = `writer.tag(${tag}).${methodOf(value)}(${target});`;
    return fits(line, `${INDENT}  `)
      ? `${line}\n`
      : `writer.tag(${tag}).${methodOf(value)}(\n  ${target},\n);\n`;
  }
  const line = `${value.type}.write(${target}, writer);`;
  const write = fits(line, `${INDENT}    `)
    ? line
    : `${value.type}.write(\n  ${target},\n  writer,\n);`;
  return `const ${mark} = writer.begin(${tag});\n${write}\nwriter.end(${mark});\n`;
}

/** Method of writer and reader. */
export function methodOf(value: ValueModel): string {
  return value.kind === "scalar" ? value.name : "int32";
}

function writePacked({ node, value }: FieldModel, target: string): string {
  const bulk = BULK[methodOf(value)];
  if (bulk !== undefined) {
    const write = `writer.tag(${tagOf(node.number, 2)}).${bulk}(${target})`;
    return controlled(`if (${target}.length > 0)`, write, INDENT);
  }
  return block(
    `if (${target}.length > 0)`,
    `const mark = writer.begin(${tagOf(node.number, 2)});\n` +
      controlled(
        `for (const item of ${target})`,
        `writer.${methodOf(value)}(item)`,
        `${INDENT}  `,
      ) +
      "writer.end(mark);\n",
  );
}

function writeMap({ node, value, mapKey }: FieldModel, target: string): string {
  return block(
    `for (const [key, value] of ${target})`,
    `const mark = writer.begin(${tagOf(node.number, 2)});\n` +
      `${writeValue(1, mapKey!, "key")}${
        writeValue(2, value, "value", "inner")
      }writer.end(mark);\n`,
  );
}
