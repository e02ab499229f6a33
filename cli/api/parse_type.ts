/**
 * Parsing of types, structures and type statements.
 *
 * @module
 */

import type { FieldNode, StructNode, TypeDeclaration, TypeNode, TypeStatement } from "./ast.ts";
import { GO_KEYWORDS, type Token } from "./token.ts";
import type { TokenReader } from "./token_reader.ts";

/** Parses `type T { ... }` or `type ( ... )`. */
export function parseTypeStatement(reader: TokenReader): TypeStatement {
  const first = reader.next();
  const open = reader.accept("(");
  if (open === undefined) {
    const declaration = parseDeclaration(reader);
    return { kind: "type", first, last: declaration.last, declarations: [declaration] };
  }
  const declarations: TypeDeclaration[] = [];
  while (!reader.is(")") && !reader.is("eof")) {
    const goesOn = reader.entry(
      () => declarations.push(parseDeclaration(reader)),
      (token) => token.kind === ")" || reader.startsLine,
    );
    if (!goesOn) break;
  }
  const close = reader.expect(")", `a type name or ")"`);
  return { kind: "type", first, last: close, group: { open, close }, declarations };
}

function parseDeclaration(reader: TokenReader): TypeDeclaration {
  const name = parseName(reader, "a type name");
  const assigned = reader.accept("=") !== undefined;
  const type = parseType(reader);
  return { first: name, last: type.last, name, assigned, type };
}

/** Parses the name of a type or member; the words Go reserves are none. */
function parseName(reader: TokenReader, what: string): Token {
  const token = reader.peek();
  if (token.kind === "ident" && GO_KEYWORDS.has(token.text)) {
    return reader.fail(`${what}, which no word reserved in Go can be`);
  }
  return reader.expect("ident", what);
}

/** Parses a type. */
export function parseType(reader: TokenReader): TypeNode {
  return reader.nested(() => {
    const first = reader.peek();
    switch (first.kind) {
      case "interface{}":
        return { kind: "interface", first, last: reader.next() };
      case "{":
        return parseStruct(reader, first);
      case "[":
        return parseList(reader);
      case "*":
        return parsePointer(reader);
      default:
        return first.text === "map" ? parseMap(reader) : parseNamed(reader);
    }
  });
}

function parseNamed(reader: TokenReader): TypeNode {
  const first = reader.peek();
  if (first.kind === "ident" && first.text === "struct" && reader.peek(1).kind === "{") {
    reader.legacy(`"struct"`, `leave the word "struct" out`);
    reader.next();
    return parseStruct(reader, first);
  }
  if (first.kind === "ident" && first.text === "interface") {
    return reader.fail("a type", `"interface{}" is written without a space`);
  }
  const name = parseName(reader, "a type");
  return { kind: "name", first: name, last: name, name: name.text };
}

function parseList(reader: TokenReader): TypeNode {
  const first = reader.next();
  const length = reader.accept("int") ?? reader.accept("...");
  if (length === undefined) reader.expect("]", `"]", a number or "..."`);
  else reader.expect("]");
  const item = parseType(reader);
  return { kind: "list", first, last: item.last, length: length?.text ?? "", item };
}

function parseMap(reader: TokenReader): TypeNode {
  const first = reader.next();
  reader.expect("[");
  const key = parseType(reader);
  reader.expect("]");
  const value = parseType(reader);
  return { kind: "map", first, last: value.last, key, value };
}

function parsePointer(reader: TokenReader): TypeNode {
  const first = reader.next();
  if (reader.is("{")) return reader.fail("a type that a pointer can have");
  const target = parseType(reader);
  return { kind: "pointer", first, last: target.last, target };
}

/** Parses `{ ... }`. `first` is the first token of the node. */
function parseStruct(reader: TokenReader, first: Token): StructNode {
  const open = reader.expect("{");
  const fields: FieldNode[] = [];
  while (!reader.is("}") && !reader.is("eof")) {
    const goesOn = reader.entry(
      () => fields.push(parseField(reader)),
      (token) => token.kind === "}" || reader.startsLine,
    );
    if (!goesOn) break;
  }
  const close = reader.expect("}", `a member or "}"`);
  return { kind: "struct", first, last: close, open, close, fields };
}

function parseField(reader: TokenReader): FieldNode {
  if (reader.is("*")) return parseEmbeddedPointer(reader);
  const name = parseName(reader, "a member name");
  const next = reader.peek();
  if (next.kind !== "," && (next.line > name.line || next.kind === "raw")) {
    const type: TypeNode = { kind: "name", first: name, last: name, name: name.text };
    return embedded(reader, type);
  }
  const names = [name];
  while (reader.accept(",")) names.push(parseName(reader, "a member name"));
  const type = parseType(reader);
  const tag = reader.accept("raw");
  return { first: name, last: tag ?? type.last, names, type, tag };
}

function parseEmbeddedPointer(reader: TokenReader): FieldNode {
  const first = reader.next();
  const name = parseName(reader, "the name of a structure");
  const target: TypeNode = { kind: "name", first: name, last: name, name: name.text };
  return embedded(reader, { kind: "pointer", first, last: name, target });
}

function embedded(reader: TokenReader, type: TypeNode): FieldNode {
  const tag = reader.accept("raw");
  return { first: type.first, last: tag ?? type.last, names: [], type, tag };
}
