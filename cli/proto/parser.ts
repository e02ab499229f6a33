/**
 * Parses a `.proto` file.
 *
 * @module
 */

import type {
  EnumNode,
  ExtendNode,
  ImportNode,
  MessageNode,
  OptionNode,
  ProtoFile,
  ServiceNode,
} from "./ast.ts";
import { ProtoFault } from "./fault.ts";
import { parseEnum } from "./parse_enum.ts";
import { parseExtend, parseMessage } from "./parse_message.ts";
import { parseOptionStatement } from "./parse_option.ts";
import { parseService } from "./parse_service.ts";
import { scan } from "./scanner.ts";
import { unquote } from "./string_literal.ts";
import { TokenCursor } from "./token_cursor.ts";

/** Where a text comes from. */
export interface ProtoSource {
  /** Name by which others import it. */
  readonly name: string;
  /** Where it was read from. */
  readonly path: string;
  /** Whether it comes with the command; only then it may be proto2. */
  readonly bundled: boolean;
}

/**
 * The file that `text` is.
 *
 * @throws {ProtoFault} At the first thing that cannot be read.
 */
export function parseProto(text: string, source: ProtoSource): ProtoFile {
  const cursor = new TokenCursor(scan(text, source.path));
  const { syntax, docs } = parseSyntax(cursor, source);
  const imports: ImportNode[] = [];
  const options: OptionNode[] = [];
  const messages: MessageNode[] = [];
  const enums: EnumNode[] = [];
  const services: ServiceNode[] = [];
  const extensions: ExtendNode[] = [];
  let packageName: string | undefined;
  while (cursor.next.kind !== "end") {
    if (cursor.accept(";")) continue;
    switch (cursor.next.text) {
      case "package":
        packageName = parsePackage(cursor, packageName);
        break;
      case "import":
        imports.push(parseImport(cursor));
        break;
      case "option":
        cursor.take();
        options.push(parseOptionStatement(cursor));
        break;
      case "message":
        messages.push(parseMessage(cursor));
        break;
      case "enum":
        enums.push(parseEnum(cursor));
        break;
      case "service":
        services.push(parseService(cursor));
        break;
      case "extend":
        extensions.push(parseExtend(cursor));
        break;
      default:
        throw cursor.fault("a message, enum, service, import, option or package", "file");
    }
  }
  const declared = { imports, options, messages, enums, services, extensions };
  return { ...source, syntax, package: packageName ?? "", docs, ...declared, dependencies: [] };
}

function parseSyntax(
  cursor: TokenCursor,
  { bundled }: ProtoSource,
): { syntax: ProtoFile["syntax"]; docs: readonly string[] } {
  const { docs, pos } = cursor.next;
  if (cursor.sees("edition")) {
    const hint = 'write syntax = "proto3";';
    throw new ProtoFault("E-edition", "Cannot read file: editions are not supported", pos, hint);
  }
  if (!cursor.accept("syntax")) {
    const hint = 'begin it with syntax = "proto3"; only that is supported';
    throw new ProtoFault("E-proto2", "Cannot read file: without a syntax it is proto2", pos, hint);
  }
  cursor.expect("=", "syntax");
  const token = cursor.next;
  if (token.kind !== "string") throw cursor.fault('"proto3"', "syntax");
  const syntax = new TextDecoder().decode(unquote(cursor.take()));
  cursor.expect(";", "syntax");
  if (syntax === "proto3") return { syntax, docs };
  if (syntax === "proto2" && bundled) return { syntax, docs };
  const hint = syntax === "proto2"
    ? 'write syntax = "proto3"; and drop required, default, group and extensions'
    : 'write syntax = "proto3";';
  const message = `Cannot read file: syntax ${JSON.stringify(syntax)} is not supported`;
  throw new ProtoFault(syntax === "proto2" ? "E-proto2" : "E-syntax", message, token.pos, hint);
}

function parsePackage(cursor: TokenCursor, before: string | undefined): string {
  const { pos } = cursor.take();
  const { text } = cursor.fullName("package");
  cursor.expect(";", "package");
  if (before !== undefined) {
    throw new ProtoFault("E-package", `Cannot set package: it is "${before}" already`, pos);
  }
  return text;
}

function parseImport(cursor: TokenCursor): ImportNode {
  cursor.take();
  const kind = cursor.accept("public") ? "public" : cursor.accept("weak") ? "weak" : "normal";
  const token = cursor.next;
  if (token.kind !== "string") throw cursor.fault("the path of a file", "import");
  const path = new TextDecoder().decode(unquote(cursor.take()));
  cursor.expect(";", "import");
  return { path, kind, pos: token.pos };
}
