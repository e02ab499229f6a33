/**
 * Code that reads the fields of a message.
 *
 * @module
 */

import { indentLines } from "../code.ts";
import {
  type FieldModel,
  type MessageModel,
  tagOf,
  typeOf,
  type ValueModel,
  wireOf,
  zeroOf,
} from "./field_model.ts";
import { assignment, block } from "./statement.ts";
import { methodOf } from "./write_text.ts";

/** Indentation of the statements of a case. */
const INDENT = "          ";

/** The body of `read(message, reader)`. */
export function readBody(message: MessageModel): string {
  const cases = [...message.fields].sort((a, b) => a.node.number - b.node.number)
    .map((field) => readField(field));
  const fallback = "default:\n  reader.keep(message, tag);\n";
  const choice = block("switch (tag)", cases.join("") + fallback);
  return block("while (reader.more)", `const tag = reader.tag();\n${choice}`) +
    "return message;\n";
}

function readField(field: FieldModel): string {
  const { node: { number }, value, shape } = field;
  const target = `message.${field.key}`;
  const tag = tagOf(number, wireOf(value));
  if (shape === "map") return scopedCase(tag, readMap(field, target));
  if (shape === "list") return readList(field, tag, target);
  if (field.oneof !== undefined) return readOneof(field, tag);
  if (value.kind !== "message") {
    return plainCase(tag, assignment(target, readValue(value), INDENT));
  }
  const before = `${value.type}.read(${target} ?? ${value.type}.create(), reader)`;
  return scopedCase(tag, entered(assignment(target, before, INDENT)));
}

function plainCase(tag: number, body: string): string {
  return `case ${tag}:\n${indentLines(`${body}break;\n`, "  ")}`;
}

function scopedCase(tag: number, body: string): string {
  return block(`case ${tag}:`, `${body}break;\n`);
}

/** Code between the beginning and the end of a value with a length. */
function entered(body: string, outer: string = "outer"): string {
  return `const ${outer} = reader.enter();\n${body}reader.leave(${outer});\n`;
}

function readValue(value: ValueModel): string {
  const read = `reader.${methodOf(value)}()`;
  return value.kind === "enum" ? `${read} as ${value.type}` : read;
}

function readList({ node, value }: FieldModel, tag: number, target: string): string {
  if (value.kind === "message") {
    const item = `${target}.push(${value.type}.read(${value.type}.create(), reader));\n`;
    return scopedCase(tag, entered(item));
  }
  const item = `${target}.push(${readValue(value)})`;
  const single = plainCase(tag, `${item};\n`);
  if (tag % 8 === 2) return single;
  // Writers may pack or not, whatever the declaration says.
  const packed = scopedCase(tagOf(node.number, 2), entered(`while (reader.more) ${item};\n`));
  return packed + single;
}

function readOneof({ key, value, oneof }: FieldModel, tag: number): string {
  const target = `message.${oneof}`;
  if (value.kind !== "message") {
    return plainCase(tag, oneofAssignment(target, key, readValue(value)));
  }
  const before = assignment(
    "const before",
    `${target}.case === "${key}" ? ${target}.value : ${value.type}.create()`,
    INDENT,
  );
  const set = oneofAssignment(target, key, `${value.type}.read(before, reader)`);
  return scopedCase(tag, entered(before + set));
}

function oneofAssignment(target: string, key: string, value: string): string {
  const line = `${target} = { case: "${key}", value: ${value} };`;
  return INDENT.length + line.length <= 100
    ? `${line}\n`
    : `${target} = {\n  case: "${key}",\n  value: ${value},\n};\n`;
}

function readMap({ value, mapKey }: FieldModel, target: string): string {
  const isMessage = value.kind === "message";
  const keyTag = tagOf(1, wireOf(mapKey!));
  const valueTag = tagOf(2, wireOf(value));
  const start = isMessage
    ? `const value = ${value.type}.create();\n`
    : value.kind === "enum"
    ? `let value: ${value.type} = ${zeroOf(value)};\n`
    : `let value: ${typeOf(value)} = ${zeroOf(value)};\n`;
  const readIt = isMessage
    ? block(
      `else if (tag === ${valueTag})`,
      entered(`${value.type}.read(value, reader);\n`, "inner"),
    ).trimEnd() + " else reader.skip(tag);\n"
    : `else if (tag === ${valueTag}) value = ${readValue(value)};\nelse reader.skip(tag);\n`;
  const loop = block(
    "while (reader.more)",
    `const tag = reader.tag();\nif (tag === ${keyTag}) key = ${readValue(mapKey!)};\n${readIt}`,
  );
  const begin = `let key = ${zeroOf(mapKey!)};\n${start}`.replace(
    /let value: (number|bigint|boolean|string) = /,
    "let value = ",
  );
  return entered(begin + loop) + `${target}.set(key, value);\n`;
}
