/**
 * The scanner: text to tokens, one at a time, with exact positions.
 *
 * @module
 */

import { isDigit, scanNumber } from "./scan_number.ts";
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
    const { kind, end, problem, problemAt = offset } = this.#scan(offset);
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

  #scan(start: number): Scan {
    const text = this.#text;
    if (start >= text.length) return { kind: "eof", end: start };
    const code = text.charCodeAt(start);
    if (isWordStart(code)) return this.#word(start);
    if (isDigit(code)) return this.#number(start);
    const char = text.charAt(start);
    if (char === '"') return this.#quoted(start, '"', "string");
    if (char === "`") return this.#quoted(start, "`", "raw");
    if (char === "@") return this.#annotation(start);
    if (char === ".") return this.#dots(start);
    if (char === "/" && text.charAt(start + 1) === "*") {
      return this.#unterminated(start, `a comment has no "*/"`);
    }
    if (PUNCTUATION.has(char)) return { kind: char as TokenKind, end: start + 1 };
    return illegalCharacter(text, start);
  }

  #word(start: number): Scan {
    const end = wordEnd(this.#text, start);
    if (end - start === 9 && this.#text.startsWith("interface{}", start)) {
      return { kind: "interface{}", end: end + 2 };
    }
    return { kind: "ident", end };
  }

  #number(start: number): Scan {
    const { kind, end } = scanNumber(this.#text, start);
    if (kind !== "illegal") return { kind, end };
    const problem = "a duration reads like 1h2m3s4ms, units from large to small";
    return { kind, end: Math.max(end, wordEnd(this.#text, start)), problem, problemAt: end };
  }

  #quoted(start: number, quote: string, kind: "string" | "raw"): Scan {
    let end = this.#text.indexOf(quote, start + 1);
    while (this.#compat && kind === "string" && end > 0 && this.#text[end - 1] === "\\") {
      end = this.#text.indexOf(quote, end + 1);
    }
    const nul = this.#text.slice(start, end < 0 ? undefined : end).indexOf("\0");
    if (nul >= 0) return illegalCharacter(this.#text, start + nul);
    if (end < 0) return this.#unterminated(start, `a string has no closing ${quote}`);
    return { kind, end: end + 1 };
  }

  /** The end of the line shows where the closing mark is missing, the end of the file does not. */
  #unterminated(start: number, problem: string): Scan {
    const newline = this.#text.indexOf("\n", start);
    let problemAt = newline < 0 ? this.#text.length : newline;
    if (this.#text.charAt(problemAt - 1) === "\r") problemAt--;
    return { kind: "illegal", end: this.#text.length, problem, problemAt };
  }

  #annotation(start: number): Scan {
    let end = start + 1;
    while (isLetter(this.#text.charCodeAt(end))) end++;
    const word = this.#text.slice(start, end);
    if (word === "@doc" || word === "@handler" || word === "@server") return { kind: word, end };
    const problem = `${word} is none of @doc, @handler and @server`;
    return { kind: "illegal", end, problem, problemAt: end };
  }

  #dots(start: number): Scan {
    if (this.#text.startsWith("...", start)) return { kind: "...", end: start + 3 };
    if (!this.#text.startsWith("..", start)) return { kind: ".", end: start + 1 };
    return { kind: "illegal", end: start + 2, problem: `".." means nothing` };
  }
}

interface Scan {
  kind: TokenKind;
  end: number;
  problem?: string;
  problemAt?: number;
}

const PUNCTUATION = new Set("-*/=()[]{},.;:");

function illegalCharacter(text: string, at: number): Scan {
  const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const shown = /[\p{L}\p{N}\p{P}\p{S}]/u.test(char)
    ? `"${char}"`
    : `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  const problem = `${shown} cannot stand here`;
  return { kind: "illegal", end: at + char.length, problem, problemAt: at };
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

function wordEnd(text: string, start: number): number {
  let end = start;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (!isWordStart(code) && !isDigit(code)) break;
  }
  return end;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function isWordStart(code: number): boolean {
  return isLetter(code) || code === 95;
}
