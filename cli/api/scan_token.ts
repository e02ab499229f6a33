/**
 * Scanning of single tokens.
 *
 * @module
 */

import { isDigit, scanNumber } from "./scan_number.ts";
import type { TokenKind } from "./token.ts";

/** What stands at a place of the text. */
export interface Scan {
  /** What it is. */
  readonly kind: TokenKind;
  /** Offset behind it. */
  readonly end: number;
  /** What is wrong with it. */
  readonly problem?: string;
  /** Offset of the problem. */
  readonly problemAt?: number;
}

const PUNCTUATION = new Set("-*/=()[]{},.;:");

/** Scans the token at `start`, where neither space nor a whole comment stands. */
export function scanToken(text: string, start: number, compat: boolean): Scan {
  if (start >= text.length) return { kind: "eof", end: start };
  const code = text.charCodeAt(start);
  if (isWordStart(code)) return word(text, start);
  if (isDigit(code)) return number(text, start);
  const char = text.charAt(start);
  if (char === '"') return quoted(text, start, "string", compat);
  if (char === "`") return quoted(text, start, "raw", compat);
  if (char === "@") return annotation(text, start);
  if (char === ".") return dots(text, start);
  if (char === "/" && text.charAt(start + 1) === "*") {
    return unterminated(text, start, `a comment has no "*/"`);
  }
  if (PUNCTUATION.has(char)) return { kind: char as TokenKind, end: start + 1 };
  return illegalCharacter(text, start);
}

function word(text: string, start: number): Scan {
  const end = wordEnd(text, start);
  if (end - start === 9 && text.startsWith("interface{}", start)) {
    return { kind: "interface{}", end: end + 2 };
  }
  return { kind: "ident", end };
}

function number(text: string, start: number): Scan {
  const { kind, end } = scanNumber(text, start);
  if (kind !== "illegal") return { kind, end };
  const problem = "a duration reads like 1h2m3s4ms, units from large to small";
  return { kind, end: Math.max(end, wordEnd(text, start)), problem, problemAt: end };
}

function quoted(
  text: string,
  start: number,
  kind: "string" | "raw",
  compat: boolean,
): Scan {
  const quote = kind === "raw" ? "`" : '"';
  let end = text.indexOf(quote, start + 1);
  while (compat && kind === "string" && end > 0 && text[end - 1] === "\\") {
    end = text.indexOf(quote, end + 1);
  }
  const nul = text.slice(start, end < 0 ? undefined : end).indexOf("\0");
  if (nul >= 0) return illegalCharacter(text, start + nul);
  if (end < 0) return unterminated(text, start, `a string has no closing ${quote}`);
  return { kind, end: end + 1 };
}

/** The end of the line shows where the closing mark is missing, the end of the file does not. */
function unterminated(text: string, start: number, problem: string): Scan {
  const newline = text.indexOf("\n", start);
  let problemAt = newline < 0 ? text.length : newline;
  if (text.charAt(problemAt - 1) === "\r") problemAt--;
  return { kind: "illegal", end: text.length, problem, problemAt };
}

function annotation(text: string, start: number): Scan {
  let end = start + 1;
  while (isLetter(text.charCodeAt(end))) end++;
  const word = text.slice(start, end);
  if (word === "@doc" || word === "@handler" || word === "@server") return { kind: word, end };
  const problem = `${word} is none of @doc, @handler and @server`;
  return { kind: "illegal", end, problem, problemAt: end };
}

function dots(text: string, start: number): Scan {
  if (text.startsWith("...", start)) return { kind: "...", end: start + 3 };
  if (!text.startsWith("..", start)) return { kind: ".", end: start + 1 };
  return { kind: "illegal", end: start + 2, problem: `".." means nothing` };
}

function illegalCharacter(text: string, at: number): Scan {
  const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const shown = /[\p{L}\p{N}\p{P}\p{S}]/u.test(char)
    ? `"${char}"`
    : `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  const problem = `${shown} cannot stand here`;
  return { kind: "illegal", end: at + char.length, problem, problemAt: at };
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
