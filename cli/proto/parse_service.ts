/**
 * Parses services.
 *
 * @module
 */

import type { MethodNode, OptionNode, Position, ServiceNode } from "./ast.ts";
import { parseOptionStatement } from "./parse_option.ts";
import type { TokenCursor } from "./token_cursor.ts";

/** A service, the word `service` being next. */
export function parseService(cursor: TokenCursor): ServiceNode {
  const { docs } = cursor.expect("service", "service");
  const name = cursor.name("service");
  cursor.expect("{", "service");
  const options: OptionNode[] = [];
  const methods: MethodNode[] = [];
  while (!cursor.accept("}")) {
    if (cursor.accept(";")) continue;
    if (cursor.accept("option")) options.push(parseOptionStatement(cursor));
    else methods.push(parseMethod(cursor));
  }
  return { name: name.text, pos: name.pos, docs, methods, options, fullName: "" };
}

function parseMethod(cursor: TokenCursor): MethodNode {
  const { docs } = cursor.expect("rpc", "service");
  const name = cursor.name("rpc");
  const input = parseType(cursor);
  cursor.expect("returns", "rpc");
  const output = parseType(cursor);
  const options: OptionNode[] = [];
  const hasBody = !cursor.accept(";");
  if (hasBody) {
    cursor.expect("{", "rpc");
    while (!cursor.accept("}")) {
      if (cursor.accept(";")) continue;
      cursor.expect("option", "rpc");
      options.push(parseOptionStatement(cursor));
    }
  }
  return {
    name: name.text,
    pos: name.pos,
    docs,
    options,
    hasBody,
    input: input.name,
    inputPos: input.pos,
    clientStreaming: input.streaming,
    output: output.name,
    outputPos: output.pos,
    serverStreaming: output.streaming,
  };
}

/** `(Type)`, or `(stream pkg.Type)`. */
function parseType(cursor: TokenCursor): { name: string; pos: Position; streaming: boolean } {
  cursor.expect("(", "rpc");
  const streaming = cursor.accept("stream");
  const { text, pos } = cursor.fullName("rpc");
  cursor.expect(")", "rpc");
  return { name: text, pos, streaming };
}
