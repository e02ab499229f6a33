/**
 * Reading structured fields.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9651#section-4.2
 * @module
 */

import { FieldReader } from "./_reader.ts";
import type { Item, Member } from "./types.ts";

/** Longest field that is read, in characters. */
const MAX_LENGTH = 64 * 1024;

/**
 * Reads a dictionary. Of two members with one key the last wins, in the place of the first.
 *
 * @throws {SyntaxError} If it is malformed. The message says where and repeats nothing.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const limits = parseDictionary("r=50, t=30;exact");
 * assertEquals(limits.get("t"), { value: 30, parameters: new Map([["exact", true]]) });
 * ```
 */
export function parseDictionary(text: string): ReadonlyMap<string, Member> {
  const reader = begin(text);
  const members = new Map<string, Member>();
  if (reader.done) return members;
  do {
    const [key, member] = reader.entry();
    members.set(key, member);
  } while (reader.nextMember());
  return members;
}

/**
 * Reads a list.
 *
 * @throws {SyntaxError} If it is malformed.
 */
export function parseList(text: string): readonly Member[] {
  const reader = begin(text);
  const members: Member[] = [];
  if (reader.done) return members;
  do members.push(reader.member()); while (reader.nextMember());
  return members;
}

/**
 * Reads a value with its parameters.
 *
 * @throws {SyntaxError} If it is malformed.
 */
export function parseItem(text: string): Item {
  const reader = begin(text);
  const item = reader.item();
  reader.end();
  return item;
}

function begin(text: string): FieldReader {
  if (text.length <= MAX_LENGTH) return new FieldReader(text);
  throw new SyntaxError(`Cannot read structured field: it is longer than ${MAX_LENGTH} characters`);
}
