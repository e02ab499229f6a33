/**
 * Parses options and their values.
 *
 * @module
 */

import type { OptionField, OptionNamePart, OptionNode, OptionValue } from "./ast.ts";
import { ProtoFault } from "./fault.ts";
import { integerValue, type TokenCursor } from "./token_cursor.ts";

/** Braces inside one another; more is an attack, not an option. */
const MAX_DEPTH = 64;

/** `option name = value;`, the word `option` being read. */
export function parseOptionStatement(cursor: TokenCursor): OptionNode {
  const option = parseOption(cursor);
  cursor.expect(";", "option");
  return option;
}

/** `[name = value, ...]`, if it is there. */
export function parseOptionList(cursor: TokenCursor): OptionNode[] {
  const options: OptionNode[] = [];
  if (!cursor.accept("[")) return options;
  do options.push(parseOption(cursor)); while (cursor.accept(","));
  cursor.expect("]", "options");
  return options;
}

function parseOption(cursor: TokenCursor): OptionNode {
  const pos = cursor.next.pos;
  const name = [parseNamePart(cursor)];
  while (cursor.accept(".")) name.push(parseNamePart(cursor));
  cursor.expect("=", "option");
  // Only within braces there are lists and `<`.
  if (cursor.sees("[") || cursor.sees("<")) throw cursor.fault("a value", "option");
  return { name, value: parseValue(cursor, 0), pos };
}

function parseNamePart(cursor: TokenCursor): OptionNamePart {
  if (!cursor.accept("(")) return { name: cursor.name("option").text, isExtension: false };
  const { text } = cursor.fullName("option");
  cursor.expect(")", "option");
  return { name: text, isExtension: true };
}

function parseValue(cursor: TokenCursor, depth: number): OptionValue {
  const { pos, kind } = cursor.next;
  if (depth > MAX_DEPTH) {
    throw new ProtoFault("E-syntax", "Cannot read option: it is too deep", pos);
  }
  if (cursor.accept("{")) return { kind: "message", fields: parseFields(cursor, "}", depth), pos };
  if (cursor.accept("<")) return { kind: "message", fields: parseFields(cursor, ">", depth), pos };
  if (cursor.accept("[")) return { kind: "list", items: parseItems(cursor, depth), pos };
  if (kind === "string") return { kind: "string", bytes: cursor.bytes("option"), pos };
  return parseScalar(cursor);
}

function parseScalar(cursor: TokenCursor): OptionValue {
  const pos = cursor.next.pos;
  const negative = cursor.accept("-");
  const token = cursor.next;
  switch (token.kind) {
    case "integer": {
      cursor.take();
      const value = integerValue(token);
      return { kind: "integer", value: negative ? -value : value, pos };
    }
    case "float": {
      cursor.take();
      const value = Number(token.text);
      return { kind: "float", value: negative ? -value : value, pos };
    }
    case "name":
      cursor.take();
      return { kind: "name", name: negative ? `-${token.text}` : token.text, pos };
  }
  throw cursor.fault("a value", "option");
}

function parseItems(cursor: TokenCursor, depth: number): OptionValue[] {
  const items: OptionValue[] = [];
  if (cursor.accept("]")) return items;
  do items.push(parseValue(cursor, depth + 1)); while (cursor.accept(","));
  cursor.expect("]", "option");
  return items;
}

/** `name: value` or `name { ... }`, with or without `,` or `;` behind. */
function parseFields(cursor: TokenCursor, close: string, depth: number): OptionField[] {
  const fields: OptionField[] = [];
  while (!cursor.accept(close)) {
    const pos = cursor.next.pos;
    const name = parseFieldName(cursor);
    const fault = cursor.fault('":"', "option");
    const hasColon = cursor.accept(":");
    const value = parseValue(cursor, depth + 1);
    if (!hasColon && !isOfMessages(value)) throw fault;
    fields.push({ name, value, pos });
    if (!cursor.accept(",")) cursor.accept(";");
  }
  return fields;
}

/** Whether no `:` needs to stand before it. */
function isOfMessages(value: OptionValue): boolean {
  return value.kind === "message" || value.kind === "list" && value.items.every(isOfMessages);
}

function parseFieldName(cursor: TokenCursor): string {
  if (!cursor.accept("[")) return cursor.name("option").text;
  let name = cursor.fullName("option").text;
  while (cursor.accept("/")) name += `/${cursor.fullName("option").text}`;
  cursor.expect("]", "option");
  return `[${name}]`;
}
