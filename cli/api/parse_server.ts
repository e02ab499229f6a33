/**
 * Parsing of `@server` and the values of its entries.
 *
 * @module
 */

import type { ServerNode, Value } from "./ast.ts";
import { parseKeyValueList, single } from "./parse_value.ts";
import type { Token } from "./token.ts";
import type { TokenReader } from "./token_reader.ts";

/** Keys whose value is a path and may have all the characters of one. */
const PATH_KEYS = new Set(["prefix", "pathPrefix"]);

const VALUE = "a value: a string, a number, a duration, a path or words";

/** Parses `@server ( ... )`. */
export function parseServer(reader: TokenReader): ServerNode {
  const first = reader.next();
  const list = parseKeyValueList(reader, parseServerValue);
  return { first, last: list.close, list };
}

function parseServerValue(reader: TokenReader, key: Token): Value {
  const token = reader.peek();
  const isPathKey = PATH_KEYS.has(key.text);
  switch (token.kind) {
    case "string":
    case "path": // Taken before, when this place was tried as something else.
      return single(reader.next());
    case "int":
    case "duration":
      return single(isPathKey ? reader.takePath() : reader.next());
    case "ident":
    case "/":
      return isPathKey ? single(reader.takePath()) : parseWords(reader, key);
    default:
      return reader.fail(VALUE);
  }
}

/** Parses `a`, `a,b`, `a-b-c`, `a/b` and `/a/b`. */
function parseWords(reader: TokenReader, key: Token): Value {
  const isFolder = key.text === "group";
  const first = reader.peek();
  let kind: Value["kind"] = "word";
  if (first.kind === "ident") {
    reader.next();
    if (reader.is(",")) return parseList(reader, first);
    while (reader.is("-") && !(isFolder && !reader.adjacent)) {
      reader.next();
      expectWord(reader, isFolder);
      kind = "path";
    }
  }
  // Only a single word may begin a path without a slash in front.
  if (first.kind === "/" || kind === "word") {
    while (reader.is("/") && !(isFolder && !reader.adjacent && reader.peek() !== first)) {
      kind = "path";
      reader.next();
      if (isFolder && reader.previous !== first && endsFolder(reader)) break;
      expectWord(reader, isFolder);
      if (!reader.is("-") || (isFolder && !reader.adjacent)) continue;
      reader.next();
      expectWord(reader, isFolder);
    }
  }
  return joined(reader, first, kind);
}

/** A slash may end the name of a folder. */
function endsFolder(reader: TokenReader): boolean {
  return !reader.is("ident") || !reader.adjacent;
}

function expectWord(reader: TokenReader, adjacent: boolean): void {
  if (adjacent && !reader.adjacent) reader.fail("a word directly behind");
  reader.expect("ident", "a word");
}

function parseList(reader: TokenReader, first: Token): Value {
  while (reader.accept(",")) reader.expect("ident", "a word");
  return joined(reader, first, "list");
}

function joined(reader: TokenReader, first: Token, kind: Value["kind"]): Value {
  const last = reader.previous;
  const tokens = reader.tokens.slice(first.index, last.index + 1);
  const text = tokens.map((token) => token.text).join("");
  if (kind === "path" && reader.text.startsWith("//", last.end)) reader.warnPathComment(last.end);
  return { first, last, kind, text };
}
