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
  Position,
  ProtoFile,
  ServiceNode,
} from "./ast.ts";
import { ProtoFault } from "./fault.ts";
import { parseEnum } from "./parse_enum.ts";
import { parseExtend, parseMessage } from "./parse_message.ts";
import { parseOptionStatement } from "./parse_option.ts";
import { parseService } from "./parse_service.ts";
import { scan } from "./scanner.ts";
import { TokenCursor } from "./token_cursor.ts";

/** Where a text comes from. */
export interface ProtoSource {
  /** Name by which others import it. */
  readonly name: string;
  /** Where it was read from. */
  readonly path: string;
  /** Whether it comes with the command. */
  readonly bundled: boolean;
  /** Whether it may be proto2: as what is imported, and not compiled itself. */
  readonly allowsProto2: boolean;
}

/**
 * The file that `text` is.
 *
 * @throws {ProtoFault} At the first thing that cannot be read.
 */
export function parseProto(text: string, { allowsProto2, ...source }: ProtoSource): ProtoFile {
  const cursor = new TokenCursor(scan(text, source.path));
  const { docs } = cursor.next;
  const syntax = parseSyntax(cursor, allowsProto2);
  const imports: ImportNode[] = [];
  const options: OptionNode[] = [];
  const messages: MessageNode[] = [];
  const enums: EnumNode[] = [];
  const services: ServiceNode[] = [];
  const extensions: ExtendNode[] = [];
  let packageName: { text: string; pos: Position } | undefined;
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
  const named = { package: packageName?.text ?? "", packagePos: packageName?.pos };
  return { ...source, syntax, ...named, docs, ...declared, dependencies: [] };
}

function parseSyntax(cursor: TokenCursor, allowsProto2: boolean): ProtoFile["syntax"] {
  const { pos } = cursor.next;
  if (cursor.sees("edition")) {
    const hint = 'write syntax = "proto3";';
    throw new ProtoFault("E-edition", "Cannot read file: editions are not supported", pos, hint);
  }
  if (!cursor.accept("syntax")) {
    if (allowsProto2) return "proto2";
    const hint = 'begin it with syntax = "proto3"; only that is supported';
    throw new ProtoFault("E-proto2", "Cannot read file: without a syntax it is proto2", pos, hint);
  }
  cursor.expect("=", "syntax");
  const { pos: place } = cursor.next;
  const syntax = cursor.text("syntax", '"proto3"');
  cursor.expect(";", "syntax");
  if (syntax === "proto3" || syntax === "proto2" && allowsProto2) return syntax;
  const hint = syntax === "proto2"
    ? 'write syntax = "proto3"; and drop required, default, group and extensions'
    : 'write syntax = "proto3";';
  const message = `Cannot read file: syntax ${JSON.stringify(syntax)} is not supported`;
  throw new ProtoFault(syntax === "proto2" ? "E-proto2" : "E-syntax", message, place, hint);
}

function parsePackage(
  cursor: TokenCursor,
  before: { text: string } | undefined,
): { text: string; pos: Position } {
  const { pos } = cursor.take();
  if (before !== undefined) {
    throw new ProtoFault("E-package", `Cannot set package: it is "${before.text}" already`, pos);
  }
  if (cursor.sees(".")) throw cursor.fault("a name", "package");
  const name = cursor.fullName("package");
  cursor.expect(";", "package");
  return name;
}

function parseImport(cursor: TokenCursor): ImportNode {
  cursor.take();
  const kind = cursor.accept("public") ? "public" : cursor.accept("weak") ? "weak" : "normal";
  const { pos } = cursor.next;
  const path = cursor.text("import", "the path of a file");
  cursor.expect(";", "import");
  return { path, kind, pos };
}
