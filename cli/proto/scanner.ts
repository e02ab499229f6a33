/**
 * Splits a `.proto` file into tokens.
 *
 * @module
 */

import type { Position } from "./ast.ts";
import { ProtoFault } from "./fault.ts";

/** A word, number, text or sign. */
export interface Token {
  readonly kind: "name" | "integer" | "float" | "string" | "sign" | "end";
  /** As written. */
  readonly text: string;
  readonly pos: Position;
  /** Lines of the comment that stands right before it. */
  readonly docs: readonly string[];
  /** Comment behind it, on its line. */
  comment: string;
}

const SPACE = /[ \t\r\f\v]+/y;
const LINE_COMMENT = /\/\/([^\n]*)/y;
const BLOCK_COMMENT = /\/\*([^]*?)\*\//y;
const NAME = /[A-Za-z_]\w*/y;
const FLOAT = /\d+\.\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+/y;
const INTEGER = /0[xX][0-9a-fA-F]+|\d+/y;
const STRING = /"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'/y;
const SIGN = /[{}[\]()<>;,=.:\-/]/y;
const SURROGATE = /[\ud800-\udbff][\udc00-\udfff]/g;

/**
 * The tokens of a file, the last of kind `end`.
 *
 * @throws {ProtoFault} At what is no token.
 */
export function scan(text: string, file: string): Token[] {
  return new Scanner(text.replace(/^\uFEFF/, ""), file).scan();
}

class Scanner {
  readonly #text: string;
  readonly #file: string;
  readonly #tokens: Token[] = [];
  #at = 0;
  #line = 1;
  /** Up to here the columns of this line are counted: a line may be a whole file. */
  #counted = 0;
  #column = 1;
  /** Comment lines since the last token. */
  #docs: string[] = [];
  /** Line of the last comment's end; documentation ends right before what it documents. */
  #docsEnd = 0;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  scan(): Token[] {
    while (this.#at < this.#text.length) {
      if (!this.#skipBlank() && !this.#skipComment()) this.#token();
    }
    this.#push("end", "");
    return this.#tokens;
  }

  #pos(at: number = this.#at): Position {
    const passed = this.#text.slice(this.#counted, at);
    // A character beyond the first plane is two units, and one column.
    this.#column += passed.length - (passed.match(SURROGATE)?.length ?? 0);
    this.#counted = at;
    return { file: this.#file, line: this.#line, column: this.#column };
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0];
  }

  #skipBlank(): boolean {
    if (this.#text[this.#at] === "\n") {
      this.#newLine(this.#at + 1);
      this.#at++;
      return true;
    }
    const blank = this.#match(SPACE);
    if (blank === undefined) return false;
    this.#at += blank.length;
    return true;
  }

  #newLine(start: number): void {
    this.#line++;
    this.#counted = start;
    this.#column = 1;
  }

  #skipComment(): boolean {
    const line = this.#match(LINE_COMMENT);
    if (line !== undefined) {
      this.#note([line.slice(2)], this.#line);
      this.#at += line.length;
      return true;
    }
    if (!this.#text.startsWith("/*", this.#at)) return false;
    const block = this.#match(BLOCK_COMMENT);
    if (block === undefined) {
      throw new ProtoFault(
        "E-syntax",
        "Cannot read comment: it does not end",
        this.#pos(),
        "add */",
      );
    }
    const first = this.#line;
    const nested = block.indexOf("/*", 2);
    for (let index = 0; index < block.length; index++) {
      if (index === nested) {
        const pos = this.#pos(this.#at + index);
        throw new ProtoFault(
          "E-syntax",
          "Cannot read comment: another begins in it",
          pos,
          "end it",
        );
      }
      if (block[index] === "\n") this.#newLine(this.#at + index + 1);
    }
    this.#at += block.length;
    this.#note(block.slice(2, -2).split("\n").map((text) => text.replace(/^\s*\*?/, "")), first);
    return true;
  }

  /** A comment behind a token belongs to that; others are kept for the next token. */
  #note(lines: readonly string[], first: number): void {
    const last = this.#tokens.at(-1);
    if (last?.pos.line === first) {
      if (last.comment === "") last.comment = lines.join(" ").trim();
      return;
    }
    if (this.#docsEnd + 1 < first) this.#docs = [];
    this.#docs.push(...lines.map((line) => line.replace(/^ /, "").trimEnd()));
    this.#docsEnd = this.#line;
  }

  #token(): void {
    for (
      const [kind, pattern] of [
        ["name", NAME],
        ["float", FLOAT],
        ["integer", INTEGER],
        ["string", STRING],
        ["sign", SIGN],
      ] as const
    ) {
      const text = this.#match(pattern);
      if (text === undefined) continue;
      this.#push(kind, text);
      this.#at += text.length;
      if ((kind === "integer" || kind === "float") && this.#match(NAME) !== undefined) {
        throw new ProtoFault(
          "E-syntax",
          "Cannot read number: a letter stands right behind it",
          this.#pos(),
        );
      }
      return;
    }
    const char = String.fromCodePoint(this.#text.codePointAt(this.#at)!);
    if (char === '"' || char === "'") {
      const hint = `end it with ${char} on the same line`;
      throw new ProtoFault("E-syntax", "Cannot read text: it does not end", this.#pos(), hint);
    }
    throw new ProtoFault(
      "E-syntax",
      `Cannot read file: unexpected ${JSON.stringify(char)}`,
      this.#pos(),
    );
  }

  #push(kind: Token["kind"], text: string): void {
    const docs = this.#docsEnd + 1 >= this.#line ? this.#docs : [];
    this.#docs = [];
    this.#tokens.push({ kind, text, pos: this.#pos(), docs, comment: "" });
  }
}
