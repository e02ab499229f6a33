/**
 * Parses options and their values.
 *
 * @module
 */

import type { OptionField, OptionNamePart, OptionNode, OptionValue } from "./ast.ts";
import { ProtoFault } from "./fault.ts";
import { unquote } from "./string_literal.ts";
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
  if (kind === "string") return { kind: "string", bytes: parseText(cursor), pos };
  return parseScalar(cursor);
}

/** Texts that follow each other are one. */
function parseText(cursor: TokenCursor): Uint8Array {
  const parts: number[] = [];
  while (cursor.next.kind === "string") {
    for (const byte of unquote(cursor.take())) parts.push(byte);
  }
  return Uint8Array.from(parts);
}

function parseScalar(cursor: TokenCursor): OptionValue {
  const pos = cursor.next.pos;
  const negative = cursor.accept("-");
  if (!negative) cursor.accept("+");
  const token = cursor.next;
  switch (token.kind) {
    case "integer": {
      cursor.take();
      const value = integerValue(token);
      return { kind: "integer", value: negative ? -value : value, pos };
    }
    case "float": {
      cursor.take();
      const value = Number(token.text.replace(/[fF]$/, ""));
      return { kind: "float", value: negative ? -value : value, pos };
    }
    case "name":
      if (!negative) return { kind: "name", name: cursor.fullName("option").text, pos };
      if (cursor.accept("inf") || cursor.accept("infinity")) {
        return { kind: "float", value: -Infinity, pos };
      }
      if (cursor.accept("nan")) return { kind: "float", value: NaN, pos };
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
    if (!cursor.accept(":") && !cursor.sees("{") && !cursor.sees("<")) {
      throw cursor.fault('":"', "option");
    }
    fields.push({ name, value: parseValue(cursor, depth + 1), pos });
    if (!cursor.accept(",")) cursor.accept(";");
  }
  return fields;
}

function parseFieldName(cursor: TokenCursor): string {
  if (!cursor.accept("[")) return cursor.name("option").text;
  let name = cursor.fullName("option").text;
  while (cursor.accept("/")) name += `/${cursor.fullName("option").text}`;
  cursor.expect("]", "option");
  return `[${name}]`;
}
