/**
 * The parser of one `.api` file: text to syntax tree, with every syntax error found on the way.
 *
 * @module
 */

import type {
  ImportStatement,
  InfoStatement,
  SourceFile,
  Statement,
  SyntaxStatement,
} from "./ast.ts";
import { parseService } from "./parse_service.ts";
import { parseTypeStatement } from "./parse_type.ts";
import { parseKeyValueList, parseTextValue } from "./parse_value.ts";
import type { Token } from "./token.ts";
import { ParseFailure, type ParseOptions, TokenReader } from "./token_reader.ts";

/**
 * Parses the text of one file. Never throws: what is wrong is in `diagnostics`, and the statements
 * are those that could be read.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { statements, diagnostics } = parse("type T {\n  A int\n}\n", { file: "a.api" });
 * assertEquals(statements.map((statement) => statement.kind), ["type"]);
 * assertEquals(diagnostics, []);
 * ```
 */
export function parse(text: string, options: ParseOptions): SourceFile {
  const reader = new TokenReader(text, options);
  const statements: Statement[] = [];
  try {
    while (!reader.is("eof")) {
      reader.statement(() => statements.push(parseStatement(reader)));
    }
  } catch (failure) {
    if (!(failure instanceof ParseFailure)) throw failure;
  }
  const { file, tokens, diagnostics } = reader;
  return { file, tokens, statements, diagnostics };
}

function parseStatement(reader: TokenReader): Statement {
  const word = reader.peek();
  if (word.kind === "@server") return parseService(reader);
  switch (word.kind === "ident" ? word.text : "") {
    case "syntax":
      return parseSyntax(reader);
    case "info":
      return parseInfo(reader);
    case "import":
      return parseImport(reader);
    case "type":
      return parseTypeStatement(reader);
    case "service":
      return parseService(reader);
    default:
      return reader.fail("syntax, info, import, type, @server or service");
  }
}

function parseSyntax(reader: TokenReader): SyntaxStatement {
  const first = reader.next();
  reader.expect("=");
  const value = reader.expect("string", `a string such as "v1"`);
  return { kind: "syntax", first, last: value, value };
}

function parseInfo(reader: TokenReader): InfoStatement {
  const first = reader.next();
  const list = parseKeyValueList(reader, parseTextValue);
  return { kind: "info", first, last: list.close, list };
}

function parseImport(reader: TokenReader): ImportStatement {
  const first = reader.next();
  const open = reader.accept("(");
  if (open === undefined) {
    const path = reader.expect("string", `a path in double quotes or "("`);
    return { kind: "import", first, last: path, paths: [path] };
  }
  const paths: Token[] = [];
  while (reader.is("string")) paths.push(reader.next());
  const close = reader.expect(")", `a path in double quotes or ")"`);
  return { kind: "import", first, last: close, group: { open, close }, paths };
}
