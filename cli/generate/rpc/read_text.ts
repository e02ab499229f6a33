/**
 * Code that reads the fields of a message.
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
import { assignCall, assignChoice, block, controlled } from "./statement.ts";
import { methodOf } from "./write_text.ts";

/** Indentation of the statements of a case. */
const INDENT = "          ";

/** Methods that read packed numbers at once, where that is faster. */
const BULK: Readonly<Record<string, string>> = { double: "doubles", float: "floats" };

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
  if (shape === "map") return scopedCase(tagOf(number, 2), readMap(field, target));
  const tag = tagOf(number, wireOf(value));
  if (shape === "list") return readList(field, tag, target);
  if (field.oneof !== undefined) return readOneof(field, tag);
  if (value.kind !== "message") {
    return plainCase(tag, assignRead(target, value));
  }
  const line = `${target} ?? ${value.type}.create()`;
  const old = fits(`${line},`, `${INDENT}  `) ? line : `${target} ??\n    ${value.type}.create()`;
  const args = [old, "reader"];
  return scopedCase(tag, entered(assignCall(target, `${value.type}.read`, args, INDENT)));
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
    return scopedCase(tag, entered(pushNew(target, value.type)));
  }
  const item = pushRead(target, value, INDENT);
  const single = plainCase(tag, item);
  if (tag % 8 === 2) return single;
  // Writers may pack or not, whatever the declaration says.
  const bulk = value.kind === "scalar" ? BULK[value.name] : undefined;
  if (bulk !== undefined) {
    return plainCase(tagOf(node.number, 2), `reader.${bulk}(${target});\n`) + single;
  }
  const isLine = item.indexOf("\n") === item.length - 1;
  const loop = isLine
    ? controlled("while (reader.more)", item.slice(0, -2), INDENT)
    : block("while (reader.more)", pushRead(target, value, `${INDENT}  `));
  return scopedCase(tagOf(node.number, 2), entered(loop)) + single;
}

/** `target = reader.int32() as Color;`, broken as the formatter does it. */
function assignRead(target: string, value: ValueModel): string {
  return `${target} = ${wrapped(readValue(value), `${target} = ;`, INDENT)};\n`;
}

/** `target.push(reader.int32());`. */
function pushRead(target: string, value: ValueModel, indent: string): string {
  const read = readValue(value);
  const line = `${target}.push(${read});`;
  if (fits(line, indent)) return `${line}\n`;
  return `${target}.push(\n  ${inner(wrapped(read, ",", `${indent}  `))},\n);\n`;
}

/** A value with `around` on its line; where it does not fit, the formatter breaks before the method. */
function wrapped(value: string, around: string, indent: string): string {
  return fits(around + value, indent) ? value : value.replace("reader.", "reader\n  .");
}

/** `target.push(Item.read(Item.create(), reader));`. */
function pushNew(target: string, type: string): string {
  const read = `${type}.read(${type}.create(), reader)`;
  const line = `${target}.push(${read});`;
  if (fits(line, INDENT)) return `${line}\n`;
  if (fits(`${read},`, `${INDENT}  `)) return `${target}.push(\n  ${read},\n);\n`;
  const broken = `${type}.read(\n    ${type}.create(),\n    reader,\n  )`;
  return `${target}.push(\n  ${broken},\n);\n`;
}

function readOneof({ key, value, oneof }: FieldModel, tag: number): string {
  const target = `message.${oneof}`;
  if (value.kind !== "message") {
    return plainCase(tag, oneofAssignment(target, key, readValue(value)));
  }
  const before = `const old = ${target};\n` + assignChoice("const before", [
    `old.case === "${key}"`,
    "old.value",
    `${value.type}.create()`,
  ], INDENT);
  const set = oneofAssignment(target, key, `${value.type}.read(before, reader)`);
  return scopedCase(tag, entered(before + set));
}

function oneofAssignment(target: string, key: string, value: string): string {
  const line = `${target} = { case: "${key}", value: ${value} };`;
  return INDENT.length + line.length <= 100
    ? `${line}\n`
    : `${target} = {\n  case: "${key}",\n  value: ${inner(brokenValue(value))},\n};\n`;
}

/** The value of an oneof, broken where it does not fit behind `value:`. */
function brokenValue(value: string): string {
  if (!value.endsWith("(before, reader)")) return wrapped(value, "value: ,", `${INDENT}  `);
  return fits(`value: ${value},`, `${INDENT}  `)
    ? value
    : value.replace("(before, reader)", "(\n  before,\n  reader,\n)");
}

/** Lines that stand one step further in than the first. */
function inner(text: string): string {
  return indentLines(text, "  ").trimStart();
}

function readMapValue(tag: number, value: string): string {
  const indent = `${INDENT}  `;
  const line = `else if (tag === ${tag}) value = ${value};`;
  if (fits(line, indent)) return `${line}\nelse reader.skip(tag);\n`;
  const text = inner(wrapped(value, "value = ;", `${indent}  `));
  return `else if (tag === ${tag}) {\n  value = ${text};\n} else reader.skip(tag);\n`;
}

/** `const value = Item.create();`. */
function emptyMessage(type: string): string {
  const line = `const value = ${type}.create();`;
  return fits(line, INDENT) ? `${line}\n` : `const value = ${type}\n  .create();\n`;
}

/** `Item.read(value, reader);`. */
function mergeMessage(type: string): string {
  const line = `${type}.read(value, reader);`;
  return fits(line, `${INDENT}    `) ? `${line}\n` : `${type}.read(\n  value,\n  reader,\n);\n`;
}

/** `let value = 0;`; enums and bytes name their type, which is wider than that of the zero. */
function firstValue(value: ValueModel): string {
  const zero = zeroOf(value);
  if (value.kind === "scalar") {
    return value.name === "bytes" ? `let value: Uint8Array = ${zero};\n` : `let value = ${zero};\n`;
  }
  const head = `let value: ${value.type} =`;
  if (fits(`${head} ${zero};`, INDENT)) return `${head} ${zero};\n`;
  return fits(head, INDENT) ? `${head}\n  ${zero};\n` : `let value:\n  ${value.type} = ${zero};\n`;
}

function readMap({ value, mapKey }: FieldModel, target: string): string {
  const isMessage = value.kind === "message";
  const keyTag = tagOf(1, wireOf(mapKey!));
  const valueTag = tagOf(2, wireOf(value));
  const start = isMessage ? emptyMessage(value.type) : firstValue(value);
  const readIt = isMessage
    ? block(
      `else if (tag === ${valueTag})`,
      entered(mergeMessage(value.type), "inner"),
    ).trimEnd() + " else reader.skip(tag);\n"
    : readMapValue(valueTag, readValue(value));
  const loop = block(
    "while (reader.more)",
    `const tag = reader.tag();\nif (tag === ${keyTag}) key = ${readValue(mapKey!)};\n${readIt}`,
  );
  const begin = `let key = ${zeroOf(mapKey!)};\n${start}`;
  return entered(begin + loop) + `${target}.set(key, value);\n`;
}
