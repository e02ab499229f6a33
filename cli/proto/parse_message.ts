/**
 * Parses messages, fields and what extends a message.
 *
 * @module
 */

import type {
  EnumNode,
  ExtendNode,
  FieldNode,
  MessageNode,
  OneofNode,
  OptionNode,
  RangeNode,
} from "./ast.ts";
import { ProtoFault } from "./fault.ts";
import { parseEnum } from "./parse_enum.ts";
import { parseOptionList, parseOptionStatement } from "./parse_option.ts";
import { parseExtensionRanges, parseReserved } from "./parse_reserved.ts";
import type { TokenCursor } from "./token_cursor.ts";

/** Messages inside one another; more is an attack, not a design. */
const MAX_DEPTH = 32;

/** Largest field number. */
const MAX_NUMBER = 536_870_911;

/** What is read of a message before it is whole. */
interface Draft {
  readonly fields: FieldNode[];
  readonly oneofs: OneofNode[];
  readonly messages: MessageNode[];
  readonly enums: EnumNode[];
  readonly extensions: ExtendNode[];
  readonly reserved: RangeNode[];
  readonly reservedNames: string[];
  readonly extensionRanges: RangeNode[];
  readonly options: OptionNode[];
}

/** A message, the word `message` being next. */
export function parseMessage(cursor: TokenCursor, depth: number = 0): MessageNode {
  const { docs, pos } = cursor.expect("message", "message");
  if (depth > MAX_DEPTH) {
    throw new ProtoFault("E-syntax", "Cannot read message: it is too deep in others", pos);
  }
  const name = cursor.name("message");
  cursor.expect("{", "message");
  const draft: Draft = {
    fields: [],
    oneofs: [],
    messages: [],
    enums: [],
    extensions: [],
    reserved: [],
    reservedNames: [],
    extensionRanges: [],
    options: [],
  };
  while (!cursor.accept("}")) parseMember(cursor, draft, depth);
  return { kind: "message", name: name.text, pos: name.pos, docs, ...draft, fullName: "" };
}

/** Words that begin a declaration come first: a type of such a name is written `.pkg.message`. */
function parseMember(cursor: TokenCursor, draft: Draft, depth: number): void {
  if (cursor.accept(";")) return;
  switch (cursor.next.text) {
    case "message":
      draft.messages.push(parseMessage(cursor, depth + 1));
      break;
    case "enum":
      draft.enums.push(parseEnum(cursor));
      break;
    case "oneof":
      parseOneof(cursor, draft);
      break;
    case "extend":
      draft.extensions.push(parseExtend(cursor));
      break;
    case "option":
      cursor.take();
      draft.options.push(parseOptionStatement(cursor));
      break;
    case "reserved":
      parseReserved(cursor, draft);
      break;
    case "extensions":
      draft.extensionRanges.push(...parseExtensionRanges(cursor));
      break;
    default:
      draft.fields.push(parseField(cursor, undefined));
  }
}

function parseOneof(cursor: TokenCursor, draft: Draft): void {
  const { docs } = cursor.take();
  const name = cursor.name("oneof");
  cursor.expect("{", "oneof");
  const options: OptionNode[] = [];
  const index = draft.oneofs.length;
  const before = draft.fields.length;
  while (!cursor.accept("}")) {
    if (cursor.accept("option")) options.push(parseOptionStatement(cursor));
    else draft.fields.push(parseField(cursor, index));
  }
  const size = draft.fields.length - before;
  draft.oneofs.push({ name: name.text, pos: name.pos, docs, options, size });
}

/** `extend Type { ... }`, the word `extend` being next. */
export function parseExtend(cursor: TokenCursor): ExtendNode {
  cursor.expect("extend", "extend");
  const { text, pos } = cursor.fullName("extend");
  cursor.expect("{", "extend");
  const fields: FieldNode[] = [];
  do fields.push(parseField(cursor, undefined)); while (!cursor.accept("}"));
  return { extendee: text, pos, fields };
}

function parseField(cursor: TokenCursor, oneof: number | undefined): FieldNode {
  const { docs } = cursor.next;
  const label = parseLabel(cursor);
  if (cursor.sees("map") && cursor.second.text === "<") return parseMap(cursor, docs, label, oneof);
  const type = cursor.fullName("field");
  if (type.text === "group") {
    const hint = "declare a message and a field of its type";
    throw new ProtoFault("E-group", "Cannot read field: there are no groups", type.pos, hint);
  }
  const common = { docs, label, type: type.text, typePos: type.pos, mapKey: undefined, oneof };
  return { ...common, ...parseFieldEnd(cursor) };
}

function parseLabel(cursor: TokenCursor): FieldNode["label"] {
  const { text } = cursor.next;
  if (text !== "optional" && text !== "repeated" && text !== "required") return undefined;
  cursor.take();
  return text;
}

function parseMap(
  cursor: TokenCursor,
  docs: readonly string[],
  label: FieldNode["label"],
  oneof: number | undefined,
): FieldNode {
  const { pos } = cursor.take();
  if (label !== undefined || oneof !== undefined) {
    const place = label === undefined ? "in a oneof" : label;
    throw new ProtoFault("E-map", `Cannot read field: a map cannot be ${place}`, pos);
  }
  cursor.expect("<", "map");
  const mapKey = cursor.name("map").text;
  cursor.expect(",", "map");
  const type = cursor.fullName("map");
  cursor.expect(">", "map");
  const common = { docs, label, type: type.text, typePos: type.pos, mapKey, oneof };
  return { ...common, ...parseFieldEnd(cursor) };
}

type FieldEnd = Pick<FieldNode, "name" | "pos" | "number" | "numberPos" | "options" | "comment">;

/** `name = 1 [options];`. */
function parseFieldEnd(cursor: TokenCursor): FieldEnd {
  const name = cursor.name("field");
  cursor.expect("=", "field");
  const numberPos = cursor.next.pos;
  const number = cursor.integer("field");
  if (number < 1n || number > MAX_NUMBER) {
    const message = `Cannot number field "${name.text}" with ${number}: need 1 to ${MAX_NUMBER}`;
    throw new ProtoFault("E-number", message, numberPos);
  }
  const options = parseOptionList(cursor);
  const { comment } = cursor.expect(";", "field");
  return {
    name: name.text,
    pos: name.pos,
    number: Number(number),
    numberPos,
    options,
    comment,
  };
}
