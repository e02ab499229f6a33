/**
 * Parses ranges of numbers, and reserved names.
 *
 * @module
 */

import type { RangeNode } from "./ast.ts";
import { ProtoFault } from "./fault.ts";
import { parseOptionList } from "./parse_option.ts";
import type { TokenCursor } from "./token_cursor.ts";

/** Largest end of a range; descriptors hold the number behind it. */
const MAX_END = 2_147_483_646;

/** Where what is read goes. */
export interface Reservations {
  readonly reserved: RangeNode[];
  readonly reservedNames: string[];
}

/** Choices of {@link parseReserved}. */
export interface ReservedOptions {
  /** What `max` stands for. @default {the largest field number} */
  max?: number;
  /** Whether they are those of an enum: numbers may be negative. @default {false} */
  ofEnum?: boolean;
}

/** `reserved 2, 9 to 11, 40 to max;`, or `reserved "foo", "bar";`, the first word being next. */
export function parseReserved(
  cursor: TokenCursor,
  into: Reservations,
  options: ReservedOptions = {},
): void {
  cursor.take();
  if (cursor.next.kind === "string") {
    do parseName(cursor, into.reservedNames); while (cursor.accept(","));
  } else do into.reserved.push(parseRange(cursor, options)); while (cursor.accept(","));
  cursor.expect(";", "reserved");
}

/** `extensions 1000 to max [declaration = { ... }];`, the first word being next. */
export function parseExtensionRanges(cursor: TokenCursor): RangeNode[] {
  cursor.take();
  const ranges: RangeNode[] = [];
  do ranges.push(parseRange(cursor, { word: "extensions" })); while (cursor.accept(","));
  const options = parseOptionList(cursor);
  cursor.expect(";", "extensions");
  return ranges.map((range) => ({ ...range, options }));
}

function parseName(cursor: TokenCursor, names: string[]): void {
  const { pos } = cursor.next;
  const name = cursor.text("reserved");
  if (names.includes(name)) {
    throw new ProtoFault("E-reserved", `Cannot reserve "${name}": it is reserved already`, pos);
  }
  names.push(name);
}

function parseRange(
  cursor: TokenCursor,
  { max = 536_870_911, ofEnum = false, word = "reserved" }: ReservedOptions & { word?: string },
): RangeNode {
  const pos = cursor.next.pos;
  const from = Number(cursor.integer(word, { signed: ofEnum }));
  const to = !cursor.accept("to")
    ? from
    : cursor.accept("max")
    ? max
    : Number(cursor.integer(word, { signed: ofEnum }));
  const [first, last] = ofEnum ? [-2_147_483_648, 2_147_483_647] : [1, MAX_END];
  if (to < from || from < first || to > last) {
    const range = from === to ? `${from}` : `${from} to ${to}`;
    const message = `Cannot read ${word}: ${range} is no range within ${first} to ${last}`;
    throw new ProtoFault("E-number", message, pos);
  }
  return { from, to, pos, options: [] };
}
