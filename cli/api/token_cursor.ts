/**
 * The place of the parser in the tokens of a file.
 *
 * @module
 */

import { Scanner } from "./scanner.ts";
import type { Token, TokenKind } from "./token.ts";

/** Tokens with lookahead. They are scanned when asked for, since paths are read by characters. */
export class TokenCursor {
  /** The text of the file. */
  readonly text: string;
  /** Tokens scanned so far. */
  readonly tokens: Token[] = [];
  readonly #scanner: Scanner;
  #at = 0;

  /** Stands at the beginning of `text`. `compat`: read escapes in strings, as the old dialect does. */
  constructor(text: string, compat: boolean) {
    this.text = text;
    this.#scanner = new Scanner(text, { compat });
  }

  /** The number of the next token. */
  get at(): number {
    return this.#at;
  }

  /** Goes back to an earlier token. */
  rewind(at: number): void {
    this.#at = at;
  }

  /** The token `ahead` places further on; the end of the file repeats. */
  peek(ahead = 0): Token {
    while (this.tokens.length <= this.#at + ahead) {
      const last = this.tokens.at(-1);
      if (last?.kind === "eof") return last;
      this.tokens.push(this.#scanner.next(last));
    }
    return this.tokens[this.#at + ahead]!;
  }

  /** Takes the next token. */
  next(): Token {
    const token = this.peek();
    if (token.kind !== "eof") this.#at++;
    return token;
  }

  /** The token taken last. */
  get previous(): Token {
    return this.tokens[this.#at - 1] ?? this.peek();
  }

  /** Whether the next token is of this kind, and reads `text` if that is given. */
  is(kind: TokenKind, text?: string): boolean {
    const token = this.peek();
    return token.kind === kind && (text === undefined || token.text === text);
  }

  /** Takes the next token if it is of this kind. */
  accept(kind: TokenKind, text?: string): Token | undefined {
    return this.is(kind, text) ? this.next() : undefined;
  }

  /** Whether neither space nor comment stands between this token and the one before. */
  get adjacent(): boolean {
    return this.peek().offset === this.previous.end;
  }

  /** Whether the next token stands first on its line. */
  get startsLine(): boolean {
    return this.peek().line > this.previous.endLine || this.#at === 0;
  }

  /** Whether a statement most likely begins here: its word at a line start, followed by its mark. */
  atStatement(): boolean {
    if (!this.startsLine) return false;
    const word = this.peek();
    if (word.kind === "@server") return word.column === 1;
    if (word.kind !== "ident") return false;
    const mark = this.peek(1);
    switch (word.text) {
      case "syntax":
        return mark.kind === "=";
      case "info":
        return mark.kind === "(";
      case "import":
        return mark.kind === "(" || mark.kind === "string";
      case "type":
        return word.column === 1 && (mark.kind === "(" || mark.kind === "ident");
      case "service":
        return word.column === 1 && mark.kind === "ident";
      default:
        return false;
    }
  }

  /** Makes the next token, and what is scanned behind it, one token up to the offset `end`. */
  retake(kind: TokenKind, end: number): void {
    const token = this.#scanner.retake(this.peek(), kind, end);
    this.tokens.length = this.#at;
    this.tokens.push(token);
  }

  /** Line and column of an offset. */
  position(offset: number): { line: number; column: number } {
    return this.#scanner.position(offset);
  }
}
