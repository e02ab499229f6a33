/**
 * Parses ranges of numbers, and reserved names.
 *
 * @module
 */

import type { RangeNode } from "./ast.ts";
import { ProtoFault } from "./fault.ts";
import { parseOptionList } from "./parse_option.ts";
import { unquote } from "./string_literal.ts";
import type { TokenCursor } from "./token_cursor.ts";

/** Where what is read goes. */
export interface Reservations {
  readonly reserved: RangeNode[];
  readonly reservedNames: string[];
}

/** Choices of {@link parseReserved}. */
export interface ReservedOptions {
  /** What `max` stands for. @default {the largest field number} */
  max?: number;
  /** Whether numbers may be negative. @default {false} */
  signed?: boolean;
}

/** `reserved 2, 9 to 11, 40 to max;`, or `reserved "foo";`, the first word being next. */
export function parseReserved(
  cursor: TokenCursor,
  into: Reservations,
  options: ReservedOptions = {},
): void {
  const word = cursor.take().text;
  do {
    if (cursor.next.kind === "string") {
      into.reservedNames.push(new TextDecoder().decode(unquote(cursor.take())));
    } else into.reserved.push(parseRange(cursor, word, options));
  } while (cursor.accept(","));
  // `extensions 1000 to max [declaration = {...}];`
  parseOptionList(cursor);
  cursor.expect(";", word);
}

function parseRange(
  cursor: TokenCursor,
  word: string,
  { max = 536_870_911, signed = false }: ReservedOptions,
): RangeNode {
  const pos = cursor.next.pos;
  const from = Number(cursor.integer(word, { signed }));
  const to = !cursor.accept("to")
    ? from
    : cursor.accept("max")
    ? max
    : Number(cursor.integer(word, { signed }));
  if (to < from || to > max) {
    throw new ProtoFault("E-number", `Cannot read ${word}: ${from} to ${to} is no range`, pos);
  }
  return { from, to, pos };
}
