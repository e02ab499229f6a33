/**
 * What all parts of the formatter share.
 *
 * @module
 */

import type { Head } from "./comments.ts";
import type { Lines } from "./format_lines.ts";
import type { Comment, Token } from "./token.ts";

/** The file being formatted and the lines made of it. */
export interface FormatContext {
  /** The tokens of the file. */
  readonly tokens: readonly Token[];
  /** The lines so far. */
  readonly lines: Lines;
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

/** A string as it is valid today: it knows no escapes, so a quote inside becomes a single one. */
export function stringText({ text }: Token): string {
  return `"${text.slice(1, -1).replaceAll('\\"', "'")}"`;
}
