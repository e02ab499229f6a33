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
 * The old dialect takes the rest of the line as the value, without quotes. So whatever does not
 * end at the line end, at a bracket or before the next key is taken that way.
 */
function parseLegacyValue(reader: TokenReader, key: Token, parseValue: ValueParser): Value {
  const start = reader.peek();
  const startsLine = reader.startsLine;
  const plain = plainValueEnds(reader);
  if (startsLine || start.kind === ")" || plain) {
    return legacyEscapes(reader, parseValue(reader, key));
  }
  reader.legacy("a value without quotes", "quote the value");
  const line = reader.takeLine();
  return { first: line, last: line, kind: "string", text: quote(line.text) };
}

/** Whether the value that begins here is one of today's: what follows it is on a later line. */
function plainValueEnds(reader: TokenReader): boolean {
  const line = reader.peek().line;
  const kinds: TokenKind[] = ["ident", "int", "duration", "string", "raw", "-", "/", ",", ".", ":"];
  let ahead = 0;
  while (kinds.includes(reader.peek(ahead).kind) && reader.peek(ahead).line === line) {
    const token = reader.peek(ahead);
    const next = reader.peek(ahead + 1);
    const isNextKey = ahead > 0 && token.kind === "ident" && next.kind === ":";
    if (isNextKey) return true;
    if ((token.kind === "string" || token.kind === "raw") && ahead === 0) {
      return next.kind !== "illegal";
    }
    if (token.kind === ":" || token.kind === ".") return false;
    ahead++;
  }
  const end = reader.peek(ahead);
  return ahead > 0 && (end.line > line || end.kind === ")" || end.kind === "eof") &&
    isSingleWord(reader, ahead);
}

/** Two words beside each other are text, not a value. */
function isSingleWord(reader: TokenReader, count: number): boolean {
  for (let at = 1; at < count; at++) {
    const pair = [reader.peek(at - 1).kind, reader.peek(at).kind];
    if (pair.every((kind) => kind === "ident" || kind === "int" || kind === "duration")) {
      return false;
    }
  }
  return true;
}

function legacyEscapes(reader: TokenReader, value: Value): Value {
  if (value.kind !== "string" || !value.text.includes('\\"')) return value;
  const text = value.text.slice(1, -1).replaceAll('\\"', '"');
  reader.warn(value.first, "W-legacy", {
    message: `An escape in a string is of the old dialect`,
    hint: "quote the value with backticks",
  });
  return { ...value, text: quote(text) };
}

/** Quotes a text; today's strings know no escapes, so a text with quotes takes backticks. */
function quote(text: string): string {
  if (!text.includes('"')) return `"${text}"`;
  return `\`${text.replaceAll("`", "'")}\``;
}
