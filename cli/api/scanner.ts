/**
 * The scanner: text to tokens, one at a time, with exact positions.
 *
 * @module
 */

import { scanToken } from "./scan_token.ts";
import type { Comment, Token, TokenKind } from "./token.ts";

/** Options for {@link Scanner}. */
export interface ScannerOptions {
  /** Read `\"` inside a string as part of it, as the old dialect does. @default {false} */
  compat?: boolean;
}

/** Most tokens have no comments, so they share one list. */
const NO_COMMENTS: readonly Comment[] = [];

/** Scans one file. It can be moved back, because paths are read by characters, not by tokens. */
export class Scanner {
  readonly #text: string;
  readonly #compat: boolean;
  /** Offsets of the line starts met so far. */
  readonly #lineStarts: number[];
  #at: number;
  /** The position asked for last: most questions are about the same line, a little further on. */
  #last = { offset: 0, line: 0, column: 1 };

  /** Starts at the beginning of `text`; a byte order mark there is skipped. */
  constructor(text: string, options: ScannerOptions = {}) {
    this.#text = text;
    this.#compat = options.compat ?? false;
    this.#at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
    this.#lineStarts = lineStarts(text, this.#at);
  }

  /** Scans the next token and gives `previous` the comments behind it. */
  next(previous: Token | undefined): Token {
    const { comments, blankBefore } = this.#skip();
    const token = this.#token(previous, comments, blankBefore);
    const split = trailingCount(previous, comments, token);
    if (previous !== undefined) {
      previous.trailing = split === 0 ? NO_COMMENTS : comments.slice(0, split);
    }
    return split === 0 ? token : { ...token, leading: comments.slice(split) };
  }

  /** Replaces `token`, and whatever was scanned behind it, by one token that ends at `end`. */
  retake(token: Token, kind: TokenKind, end: number): Token {
    this.#at = end;
    const text = this.#text.slice(token.offset, end);
    const { line, column } = this.position(token.offset);
    return { ...token, kind, text, end, line, column, endLine: line, trailing: NO_COMMENTS };
  }

  /** Line and column of an offset. */
  position(offset: number): { line: number; column: number } {
    const line = this.#lineOf(offset);
    const last = this.#last;
    const near = last.line === line && last.offset <= offset;
    let column = near ? last.column : 1;
    for (let at = near ? last.offset : this.#lineStarts[line - 1]!; at < offset; at++) {
      // The second half of a surrogate pair is no column of its own.
      if ((this.#text.charCodeAt(at) & 0xfc00) !== 0xdc00) column++;
    }
    this.#last = { offset, line, column };
    return { line, column };
  }

  #lineOf(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#lineStarts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** Skips white space and comments. */
  #skip(): { comments: readonly Comment[]; blankBefore: boolean } {
    let comments: Comment[] | undefined;
    let newlines = this.#at <= 1 ? 1 : 0;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === 10) newlines++;
      if (code === 32 || (code >= 9 && code <= 13)) {
        this.#at++;
        continue;
      }
      const end = code === 47 ? this.#commentEnd() : undefined;
      if (end === undefined) {
        return { comments: comments ?? NO_COMMENTS, blankBefore: newlines > 1 };
      }
      const text = this.#text.slice(this.#at, end);
      const { line } = this.position(this.#at);
      const lines = text.startsWith("//") ? 0 : countNewlines(text);
      (comments ??= []).push({
        text: text.trimEnd().replaceAll("\r\n", "\n"),
        line,
        endLine: line + lines,
        blankBefore: newlines > 1,
      });
      newlines = 0;
      this.#at = end;
    }
  }

  /** Offset behind the comment at the current place; undefined when there is no whole comment. */
  #commentEnd(): number | undefined {
    const second = this.#text.charAt(this.#at + 1);
    let end: number;
    if (second === "/") {
      end = this.#text.indexOf("\n", this.#at);
      if (end < 0) end = this.#text.length;
    } else if (second === "*") {
      end = this.#text.indexOf("*/", this.#at + 2) + 2;
      if (end < 2) return undefined;
    } else {
      return undefined;
    }
    const nul = this.#text.slice(this.#at, end).indexOf("\0");
    return nul >= 0 ? this.#at + nul : end;
  }

  #token(
    previous: Token | undefined,
    leading: readonly Comment[],
    blankBefore: boolean,
  ): Token {
    const offset = this.#at;
    const { kind, end, problem, problemAt = offset } = scanToken(this.#text, offset, this.#compat);
    this.#at = end;
    const text = this.#text.slice(offset, end);
    const { line, column } = this.position(problemAt);
    const endLine = kind === "string" || kind === "raw" ? line + countNewlines(text) : line;
    const index = previous === undefined ? 0 : previous.index + 1;
    return {
      kind,
      text,
      offset,
      end,
      line,
      column,
      endLine,
      index,
      blankBefore,
      leading,
      trailing: NO_COMMENTS,
      problem,
    };
  }
}

/** How many of the comments stand behind `previous` on its line, so that they speak of it. */
function trailingCount(
  previous: Token | undefined,
  comments: readonly Comment[],
  next: Token,
): number {
  if (previous === undefined) return 0;
  let count = 0;
  while (comments[count]?.line === previous.endLine) count++;
  const last = comments[count - 1];
  if (last === undefined || last.text.startsWith("//") || next.kind === "eof") return count;
  const followsAt = comments[count]?.line ?? next.line;
  return followsAt > last.endLine ? count : 0;
}

function lineStarts(text: string, first: number): number[] {
  const starts = [first];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
