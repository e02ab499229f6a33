/**
 * Which comments speak of a construct, and what they say.
 *
 * Comments above a construct belong to it up to the first empty line. Comments in the middle of it
 * count as if they stood above it too, which is where the formatter puts them.
 *
 * @module
 */

import type { Node } from "./ast.ts";
import type { Comment, Token } from "./token.ts";

/** The comments above a construct. */
export interface Head {
  /** The comments in order; `blankBefore` says where an empty line parts them. */
  readonly comments: readonly Comment[];
  /** Whether an empty line parts the last one from the construct. */
  readonly detached: boolean;
}

const NO_HEAD: Head = { comments: [], detached: false };

/** The comments above and inside a construct that is printed as one line. */
export function headOf(tokens: readonly Token[], node: Node): Head {
  const inner = innerComments(tokens, node);
  const { leading, blankBefore } = node.first;
  if (inner.length === 0) {
    return leading.length === 0 ? NO_HEAD : { comments: leading, detached: blankBefore };
  }
  const attached = inner.map((comment, index) => ({
    ...comment,
    blankBefore: index === 0 && leading.length > 0 && blankBefore,
  }));
  return { comments: [...leading, ...attached], detached: false };
}

/** The comments between the first and the last token of a construct. */
export function innerComments(tokens: readonly Token[], node: Node): Comment[] {
  const found: Comment[] = [];
  for (let at = node.first.index; at < node.last.index; at++) {
    found.push(...tokens[at]!.trailing, ...tokens[at + 1]!.leading);
  }
  return found;
}

/** The head of a construct in front of which another one with its comments is left out. */
export function headBehind(tokens: readonly Token[], omitted: Node, head: Head): Head {
  const before = headOf(tokens, omitted);
  const between = [...before.comments, ...omitted.last.trailing];
  if (between.length === 0) return head;
  const gap = before.detached && omitted.last.trailing.length === 0;
  const [first, ...rest] = head.comments;
  if (first === undefined) return { comments: between, detached: gap || head.detached };
  const joined = { ...first, blankBefore: first.blankBefore || gap };
  return { comments: [...between, joined, ...rest], detached: head.detached };
}

/** The lines of the comments that belong to a construct, without markers. */
export function docsOf(head: Head): string[] {
  if (head.detached) return [];
  let from = head.comments.length - 1;
  while (from > 0 && !head.comments[from]!.blankBefore) from--;
  return head.comments.slice(Math.max(from, 0)).flatMap(linesOf);
}

/** The comments behind a construct as one line. */
export function commentBehind(token: Token): string {
  return token.trailing.flatMap(linesOf).join(" ").trim();
}

/** The lines of a comment, without markers and the stars at the line starts. */
function linesOf({ text }: Comment): string[] {
  if (text.startsWith("//")) return [text.slice(2).trim()];
  const lines = text.slice(2, -2).split("\n");
  const bare = lines.map((line, index) =>
    (index === 0 ? line.replace(/^\*+/, "") : line.replace(/^\s*\*?/, "")).trim()
  );
  while (bare.length > 0 && bare[0] === "") bare.shift();
  while (bare.length > 0 && bare.at(-1) === "") bare.pop();
  return bare;
}
