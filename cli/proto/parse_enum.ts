/**
 * Parses enums.
 *
 * @module
 */

import type { EnumNode, EnumValueNode, OptionNode, RangeNode } from "./ast.ts";
import { ProtoFault } from "./fault.ts";
import { parseOptionList, parseOptionStatement } from "./parse_option.ts";
import { parseReserved } from "./parse_reserved.ts";
import type { TokenCursor } from "./token_cursor.ts";

const MAX_NUMBER = 0x7fff_ffff;

/** An enum, the word `enum` being next. */
export function parseEnum(cursor: TokenCursor): EnumNode {
  const { docs } = cursor.expect("enum", "enum");
  const name = cursor.name("enum");
  cursor.expect("{", "enum");
  const options: OptionNode[] = [];
  const values: EnumValueNode[] = [];
  const reserved: RangeNode[] = [];
  const reservedNames: string[] = [];
  while (!cursor.accept("}")) {
    if (cursor.accept(";")) continue;
    if (cursor.accept("option")) options.push(parseOptionStatement(cursor));
    else if (cursor.sees("reserved")) {
      parseReserved(cursor, { reserved, reservedNames }, { max: MAX_NUMBER, ofEnum: true });
    } else values.push(parseValue(cursor));
  }
  const common = { kind: "enum", name: name.text, pos: name.pos, docs, fullName: "" } as const;
  return { ...common, values, reserved, reservedNames, options };
}

function parseValue(cursor: TokenCursor): EnumValueNode {
  const { docs } = cursor.next;
  const name = cursor.name("enum");
  cursor.expect("=", "enum");
  const numberPos = cursor.next.pos;
  const number = Number(cursor.integer("enum", { signed: true }));
  if (number > MAX_NUMBER || number < -MAX_NUMBER - 1) {
    throw new ProtoFault(
      "E-number",
      `Cannot number "${name.text}": ${number} is no int32`,
      numberPos,
    );
  }
  const options = parseOptionList(cursor);
  const { comment } = cursor.expect(";", "enum");
  return { name: name.text, pos: name.pos, docs, number, numberPos, options, comment };
}
