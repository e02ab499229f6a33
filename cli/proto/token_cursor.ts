/**
 * Walks over tokens.
 *
 * @module
 */

import type { Position } from "./ast.ts";
import { ProtoFault } from "./fault.ts";
import type { Token } from "./scanner.ts";
import { unquote } from "./string_literal.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A place among tokens, with the questions that a parser asks. */
export class TokenCursor {
  readonly #tokens: readonly Token[];
  #index = 0;

  /** `tokens` end with one of kind `end`. */
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The token to be read next. */
  get next(): Token {
    return this.#tokens[this.#index]!;
  }

  /** The token behind that. */
  get second(): Token {
    return this.#tokens[this.#index + 1] ?? this.next;
  }

  /** Reads a token. */
  take(): Token {
    const token = this.next;
    if (token.kind !== "end") this.#index++;
    return token;
  }

  /** Whether the next token is this word or sign. */
  sees(text: string): boolean {
    return this.next.text === text;
  }

  /** Reads the word or sign if it is next. */
  accept(text: string): boolean {
    if (!this.sees(text)) return false;
    this.#index++;
    return true;
  }

  /** Reads the word or sign, which has to be next. */
  expect(text: string, where: string): Token {
    if (this.sees(text)) return this.take();
    throw this.fault(`"${text}"`, where);
  }

  /** Reads a name. */
  name(where: string): Token {
    if (this.next.kind === "name") return this.take();
    throw this.fault("a name", where);
  }

  /** Reads `a.b.C`, or `.a.b.C`. */
  fullName(where: string): { text: string; pos: Position } {
    const pos = this.next.pos;
    let text = this.accept(".") ? "." : "";
    text += this.name(where).text;
    while (this.accept(".")) text += `.${this.name(where).text}`;
    return { text, pos };
  }

  /** Reads text, which may be in parts that follow each other. */
  bytes(where: string, wanted: string = "text in quotes"): Uint8Array {
    if (this.next.kind !== "string") throw this.fault(wanted, where);
    const parts: number[] = [];
    while (this.next.kind === "string") for (const byte of unquote(this.take())) parts.push(byte);
    return Uint8Array.from(parts);
  }

  /** Reads text that is UTF-8. */
  text(where: string, wanted?: string): string {
    const { pos } = this.next;
    return decodeText(this.bytes(where, wanted)) ?? this.#notUtf8(where, pos);
  }

  #notUtf8(where: string, pos: Position): never {
    throw new ProtoFault("E-syntax", `Cannot read ${where}: the text is not UTF-8`, pos);
  }

  /** Reads an integer, with a sign where one may stand. */
  integer(where: string, { signed = false }: { signed?: boolean } = {}): bigint {
    const negative = signed && this.accept("-");
    if (this.next.kind !== "integer") throw this.fault("a whole number", where);
    const value = integerValue(this.take());
    return negative ? -value : value;
  }

  /** What to throw when something else than `wanted` is next. */
  fault(wanted: string, where: string): ProtoFault {
    const { kind, text, pos } = this.next;
    const found = kind === "end" ? "the file ends" : `found ${JSON.stringify(text)}`;
    return new ProtoFault("E-syntax", `Cannot read ${where}: need ${wanted}, ${found}`, pos);
  }
}

/** The text that bytes are; `undefined` if they are not UTF-8. */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Value of an integer token; a leading zero means octal. */
export function integerValue({ text, pos }: Token): bigint {
  if (!/^0\d/.test(text)) return BigInt(text);
  if (/[89]/.test(text)) {
    throw new ProtoFault(
      "E-syntax",
      "Cannot read number: it is octal, and 8 or 9 is no digit",
      pos,
    );
  }
  return BigInt(`0o${text.slice(1)}`);
}
