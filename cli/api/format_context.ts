/**
 * What all parts of the formatter share.
 *
 * @module
 */

import type { Node } from "./ast.ts";
import { type Head, headOf } from "./comments.ts";
import type { Lines } from "./format_lines.ts";
import type { Comment, Token } from "./token.ts";

/** The file being formatted and the lines made of it. */
export interface FormatContext {
  /** Text of the file. */
  readonly text: string;
  /** Its tokens. */
  readonly tokens: readonly Token[];
  /** The lines so far. */
  readonly lines: Lines;
}

/** The comments above an entry, above its first line when it has several. */
export function entryHead(context: FormatContext, node: Node): Head {
  return headOf(context.tokens, node);
}

/** Comments before a closing bracket. */
export function closingHead(close: Token): Head {
  return { comments: close.leading, detached: false };
}

/** Whether nothing, no comment either, stands between two brackets. */
export function isBare(open: Token, close: Token): boolean {
  return open.trailing.length === 0 && close.leading.length === 0;
}

/** The head of what follows something left out: its comments stay, and stay apart. */
export function headApart(comments: readonly Comment[], head: Head): Head {
  if (comments.length === 0) return head;
  const [first, ...rest] = head.comments;
  if (first === undefined) return { comments, detached: true };
  return {
    comments: [...comments, { ...first, blankBefore: true }, ...rest],
    detached: head.detached,
  };
}
