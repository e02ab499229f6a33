/**
 * The tags of members, each parsed once however many passes ask.
 *
 * @module
 */

import type { FieldNode } from "./ast.ts";
import type { Tag } from "./spec.ts";
import { parseTag, type TagResult } from "./tag.ts";
import type { Token } from "./token.ts";

const results = new WeakMap<Token, TagResult>();
const NO_TAG: TagResult = { ok: true, tags: [] };

/** The tag of a member, parsed; without one it is well formed and empty. */
export function tagResult({ tag }: FieldNode): TagResult {
  if (tag === undefined) return NO_TAG;
  let result = results.get(tag);
  if (result === undefined) {
    result = parseTag(tag.text.slice(1, -1));
    results.set(tag, result);
  }
  return result;
}

/** The tags of a member; none when they are malformed. */
export function tagsOf(field: FieldNode): readonly Tag[] {
  const result = tagResult(field);
  return result.ok ? result.tags : [];
}
