/**
 * Parsing of service blocks: name, routes and their annotations.
 *
 * @module
 */

import type { DocNode, HandlerNode, RouteItem, ServerNode, ServiceStatement } from "./ast.ts";
import { parseRoute } from "./parse_route.ts";
import { parseServer } from "./parse_server.ts";
import { parseKeyValueList, parseTextValue, warnEscape } from "./parse_value.ts";
import type { Token } from "./token.ts";
import type { TokenReader } from "./token_reader.ts";

/** Parses `@server ( ... ) service name { ... }`. */
export function parseService(reader: TokenReader): ServiceStatement {
  const server = reader.is("@server") ? parseServer(reader) : undefined;
  if (!reader.is("ident", "service")) return reader.fail(`"service" behind @server`);
  const keyword = reader.next();
  const nameToken = reader.expect("ident", "the name of the service");
  const name = nameToken.text + parseNameSuffix(reader);
  const open = reader.expect("{");
  const items: RouteItem[] = [];
  while (!reader.is("}") && !reader.is("eof")) {
    const goesOn = reader.entry(
      () => items.push(parseItem(reader)),
      (token) => token.kind === "}" || startsItem(token),
    );
    if (!goesOn) break;
  }
  const close = reader.expect("}", `@doc, @handler or "}"`);
  return {
    kind: "service",
    first: server?.first ?? keyword,
    last: close,
    server,
    keyword,
    nameToken,
    name,
    open,
    close,
    items,
  };
}

/** Parses `-api`, and in the old dialect any other words behind hyphens. */
function parseNameSuffix(reader: TokenReader): string {
  let suffix = "";
  while (reader.accept("-")) {
    const isLast = reader.is("ident", "api") && reader.peek(1).kind !== "-";
    if (suffix !== "" || !isLast) {
      if (!reader.is("ident")) reader.fail(`"api"`);
      if (suffix === "" || reader.compat) {
        const remedy = `a service name is one word, with "-api" behind it or not`;
        reader.legacy("a service name of several words", remedy);
      }
    }
    suffix += `-${reader.expect("ident", `"api"`).text}`;
  }
  return suffix;
}

function startsItem(token: Token): boolean {
  return token.kind === "@doc" || token.kind === "@handler" || token.kind === "@server";
}

function parseItem(reader: TokenReader): RouteItem {
  const doc = reader.is("@doc") ? parseDoc(reader) : undefined;
  if (!reader.is("@handler") && !reader.is("@server")) {
    return reader.fail(doc === undefined ? `@doc, @handler or "}"` : "@handler");
  }
  const handler = reader.is("@server") ? parseLegacyHandler(reader) : parseHandler(reader);
  if (reader.is("@doc")) {
    reader.error("a method such as get or post", "@doc stands before @handler");
    parseDoc(reader);
  }
  const route = parseRoute(reader);
  return { first: doc?.first ?? handler.first, last: route.last, doc, handler, route };
}

function parseDoc(reader: TokenReader): DocNode {
  const first = reader.next();
  const text = reader.accept("string");
  if (text?.text.includes('\\"') && reader.compat) warnEscape(reader, text);
  if (text !== undefined) return { first, last: text, text };
  if (reader.is("(") && reader.peek(1).kind === "string") return parseLegacyDoc(reader, first);
  if (!reader.is("(")) return reader.fail(`a string or "(" behind @doc`);
  const list = parseKeyValueList(reader, parseTextValue);
  return { first, last: list.close, list };
}

/** Parses `@doc("text")`. */
function parseLegacyDoc(reader: TokenReader, first: Token): DocNode {
  reader.next();
  reader.legacy(`@doc("text")`, `write @doc "text"`);
  const text = reader.next();
  const last = reader.expect(")");
  return { first, last, text };
}

function parseHandler(reader: TokenReader): HandlerNode {
  const first = reader.next();
  const name = reader.expect("ident", "the name of the handler");
  return { first, last: name, name };
}

/** Parses `@server(handler: name)` before a route. */
function parseLegacyHandler(reader: TokenReader): HandlerNode {
  reader.legacy("@server before a route", "write @handler name");
  const server = parseServer(reader);
  const name = handlerEntry(server);
  if (name === undefined) return reader.fail("@server with a handler before this route");
  return { first: server.first, last: server.last, name };
}

function handlerEntry(server: ServerNode): Token | undefined {
  const entry = server.list.entries.find((entry) => entry.key.text === "handler");
  return entry?.value.kind === "word" ? entry.value.first : undefined;
}
