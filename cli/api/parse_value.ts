/**
 * Parsing of `( key: value ... )` lists and their values.
 *
 * @module
 */

import type { KeyValue, KeyValueList, Value } from "./ast.ts";
import type { Token, TokenKind } from "./token.ts";
import type { TokenReader } from "./token_reader.ts";

/** How the values of a list are read. */
export type ValueParser = (reader: TokenReader, key: Token) => Value;

/** Parses the entries up to `)`. */
export function parseKeyValueList(reader: TokenReader, parseValue: ValueParser): KeyValueList {
  const open = reader.expect("(");
  const entries: KeyValue[] = [];
  while (!reader.is(")") && !reader.is("eof")) {
    const goesOn = reader.entry(
      () => entries.push(parseKeyValue(reader, parseValue)),
      (token) => token.kind === ")" || atEntry(reader),
    );
    if (!goesOn) break;
  }
  const close = reader.expect(")", `a key or ")"`);
  return { first: open, last: close, open, close, entries };
}

function atEntry(reader: TokenReader): boolean {
  return reader.startsLine && reader.is("ident") && reader.peek(1).kind === ":";
}

function parseKeyValue(reader: TokenReader, parseValue: ValueParser): KeyValue {
  const key = reader.expect("ident", `a key or ")"`);
  reader.expect(":");
  const value = reader.compat ? parseLegacyValue(reader, key, parseValue) : parseValue(reader, key);
  return { first: key, last: value.last, key, value };
}

/** Parses a value of `info` and `@doc`. */
export function parseTextValue(reader: TokenReader): Value {
  const token = reader.accept("string") ?? reader.accept("raw") ?? reader.accept("ident");
  if (token !== undefined) return single(token);
  const unquoted = !reader.startsLine && !reader.is(")");
  return reader.fail(
    "a string or a word as the value",
    unquoted ? "quote the value, or read a file of the old dialect with --compat" : undefined,
  );
}

const SINGLE: Partial<Record<TokenKind, Value["kind"]>> = {
  string: "string",
  raw: "raw",
  ident: "word",
  int: "int",
  duration: "duration",
  path: "path",
};

/** A value of one token. */
export function single(token: Token): Value {
  const kind = SINGLE[token.kind] ?? "word";
  return { first: token, last: token, kind, text: token.text };
}

/**
 * The old dialect takes the rest of the line as the value, without quotes. So does this, unless
 * the line reads as one of today's values.
 */
function parseLegacyValue(reader: TokenReader, key: Token, parseValue: ValueParser): Value {
  const allowsRaw = parseValue === parseTextValue;
  if (reader.startsLine || reader.is(")")) {
    return unescaped(reader, parseValue(reader, key), allowsRaw);
  }
  const value = reader.tryParse(() => {
    const value = parseValue(reader, key);
    return endsValue(reader) ? value : undefined;
  });
  if (value !== undefined) return unescaped(reader, value, allowsRaw);
  reader.legacy("a value without quotes", "quote the value");
  const line = reader.takeLine();
  return { first: line, last: line, kind: "string", text: quote(line.text, allowsRaw) };
}

/** Whether what follows a value belongs to the next entry or ends the list. */
function endsValue(reader: TokenReader): boolean {
  if (reader.startsLine || reader.is(")") || reader.is("eof")) return true;
  return reader.is("ident") && reader.peek(1).kind === ":";
}

function unescaped(reader: TokenReader, value: Value, allowsRaw: boolean): Value {
  if (value.kind !== "string" || !value.text.includes('\\"')) return value;
  warnEscape(reader, value.first);
  return { ...value, text: quote(value.text.slice(1, -1).replaceAll('\\"', '"'), allowsRaw) };
}

/** Says that a string has an escape; only the old dialect reads one. */
export function warnEscape(reader: TokenReader, string: Token): void {
  reader.warn(string, "W-legacy", {
    message: "an escape in a string is of the old dialect",
    hint: "strings know no escapes; use backticks or single quotes",
  });
}

/**
 * Quotes a text. Strings know no escapes, so a text with quotes takes backticks; where those are
 * not allowed, its quotes become single ones.
 */
function quote(text: string, allowsRaw: boolean): string {
  if (!text.includes('"')) return `"${text}"`;
  if (!allowsRaw) return `"${text.replaceAll('"', "'")}"`;
  return `\`${text.replaceAll("`", "'")}\``;
}
