/**
 * Parsing of routes: method, path, request and response.
 *
 * @module
 */

import type { BodyNode, RouteNode, TypeNode } from "./ast.ts";
import type { TokenReader } from "./token_reader.ts";

/** The methods a route may have. */
export const METHODS: ReadonlySet<string> = new Set(
  "get head post put patch delete connect options trace".split(" "),
);

/** Parses `get /path (Req) returns (Resp)`. */
export function parseRoute(reader: TokenReader): RouteNode {
  const method = reader.peek();
  if (method.kind !== "ident" || !METHODS.has(method.text)) {
    const lower = method.text.toLowerCase();
    const hint = METHODS.has(lower) ? `methods are written in lower case: ${lower}` : undefined;
    return reader.fail("a method such as get or post", hint);
  }
  reader.next();
  if (!reader.is("/")) return failPath(reader);
  const path = reader.takePath();
  const request = reader.is("(") ? parseBody(reader) : undefined;
  const response = parseResponse(reader);
  if (!reader.accept(";")) endRoute(reader, request !== undefined, response !== undefined);
  return { first: method, last: reader.previous, method, path, request, response };
}

function failPath(reader: TokenReader): never {
  const comment = [...reader.previous.trailing, ...reader.peek().leading].at(0);
  const hint = comment === undefined ? undefined : `"//" and "/*" begin a comment, not a path`;
  return reader.fail(`a path such as "/users/:id"`, hint);
}

function parseResponse(reader: TokenReader): BodyNode | undefined {
  if (!reader.accept("ident", "returns")) return undefined;
  if (!reader.is("(")) return reader.fail(`"(" behind returns`);
  return parseBody(reader);
}

/** What stands behind a route belongs to the next one, or it is an error. */
function endRoute(reader: TokenReader, hasRequest: boolean, hasResponse: boolean): void {
  const { kind } = reader.peek();
  if (kind === "@doc" || kind === "@handler" || kind === "@server" || kind === "}") return;
  if (hasResponse) reader.fail(`";", @doc, @handler or "}"`);
  if (hasRequest) reader.fail(`"returns", ";", @doc, @handler or "}"`);
  const hint = kind === "ident" || kind === "/" || kind === "int"
    ? "a path has no spaces, and a request stands in parentheses"
    : kind === "{"
    ? "a parameter is written :name"
    : undefined;
  reader.fail(`"(", "returns", ";", @doc, @handler or "}" behind the path`, hint);
}

/** Parses `(Req)`, `(*Req)`, `([]Req)`, `([]*Req)` or `()`. */
function parseBody(reader: TokenReader): BodyNode {
  const first = reader.next();
  if (reader.is(")")) return { first, last: reader.next() };
  const type = parseBodyType(reader);
  const last = reader.expect(")");
  return { first, last, type };
}

function parseBodyType(reader: TokenReader): TypeNode {
  const bracket = reader.accept("[");
  if (bracket !== undefined) reader.expect("]");
  const star = reader.accept("*");
  const name = reader.expect("ident", "the name of a type");
  let type: TypeNode = { kind: "name", first: name, last: name, name: name.text };
  if (star !== undefined) type = { kind: "pointer", first: star, last: name, target: type };
  if (bracket === undefined) return type;
  return { kind: "list", first: bracket, last: name, length: "", item: type };
}
