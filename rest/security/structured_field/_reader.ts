/**
 * Reading values of structured fields, character by character.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9651#section-4.2
 * @module
 */

import {
  type BareItem,
  Decimal,
  DisplayString,
  FieldDate,
  type InnerList,
  type Item,
  type Member,
  Token,
} from "./types.ts";

const NUMBER = /-?(\d+)(?:\.(\d+))?/y;
const KEY = /[a-z*][a-z0-9_.*-]*/y;
const TOKEN = /[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*/y;
const STRING = /"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"/y;
const DISPLAY_STRING = /%"((?:[\x20\x21\x23\x24\x26-\x7e]|%[0-9a-f]{2})*)"/y;
const BYTES = /:([A-Za-z0-9+/]*={0,2}):/y;

/** Reads one field from its beginning to its end. Every expression it uses takes time in proportion to the text. */
export class FieldReader {
  readonly #text: string;
  #at = 0;

  /** Begins after leading spaces. */
  constructor(text: string) {
    this.#text = text;
    this.#skip(" ");
  }

  /** Whether all has been read. */
  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Nothing but spaces may be left. */
  end(): void {
    this.#skip(" ");
    if (!this.done) throw this.#fault("more than one value");
  }

  /** Goes on to the next member. Answers whether there is one. */
  nextMember(): boolean {
    this.#skip(" \t");
    if (this.done) return false;
    if (!this.#take(",")) throw this.#fault("no comma between members");
    this.#skip(" \t");
    if (this.done) throw this.#fault("a comma at its end");
    return true;
  }

  /** Reads a member of a dictionary. */
  entry(): [key: string, member: Member] {
    const key = this.#key();
    return [key, this.#take("=") ? this.member() : { value: true, parameters: this.#parameters() }];
  }

  /** Reads a member of a list. */
  member(): Member {
    return this.#text[this.#at] === "(" ? this.#innerList() : this.item();
  }

  /** Reads a value with its parameters. */
  item(): Item {
    const value = this.#bareItem();
    return { value, parameters: this.#parameters() };
  }

  #innerList(): InnerList {
    this.#at++;
    const items: Item[] = [];
    for (;;) {
      this.#skip(" ");
      if (this.#take(")")) return { items, parameters: this.#parameters() };
      const from = this.#at;
      items.push(this.item());
      const next = this.#text[this.#at];
      if (next !== " " && next !== ")" || from === this.#at) {
        throw this.#fault("a list without end");
      }
    }
  }

  #parameters(): Map<string, BareItem> {
    const parameters = new Map<string, BareItem>();
    while (this.#take(";")) {
      this.#skip(" ");
      const key = this.#key();
      parameters.set(key, this.#take("=") ? this.#bareItem() : true);
    }
    return parameters;
  }

  #bareItem(): BareItem {
    const first = this.#text[this.#at] ?? "";
    if (first === '"') return this.#match(STRING, "a string")[1]!.replace(/\\(.)/g, "$1");
    if (first === ":") return this.#bytes();
    if (first === "?") return this.#boolean();
    if (first === "@") return this.#date();
    if (first === "%") return this.#displayString();
    if (first === "-" || first >= "0" && first <= "9") return this.#number();
    return new Token(this.#match(TOKEN, "a value")[0]);
  }

  #number(): number | Decimal {
    const [text, whole = "", fraction] = this.#match(NUMBER, "a number");
    if (fraction === undefined) {
      // A point without digits is no number, and no other value begins with one.
      if (whole.length > 15 || this.#text[this.#at] === ".") throw this.#fault("a number");
      return Number(text) || 0;
    }
    if (whole.length > 12 || fraction.length > 3) throw this.#fault("a decimal");
    return new Decimal(Number(text) || 0);
  }

  #boolean(): boolean {
    const digit = this.#text[this.#at + 1];
    if (digit !== "0" && digit !== "1") throw this.#fault("a boolean");
    this.#at += 2;
    return digit === "1";
  }

  #date(): FieldDate {
    this.#at++;
    const seconds = this.#number();
    if (typeof seconds !== "number") throw this.#fault("a date");
    return new FieldDate(seconds);
  }

  #bytes(): Uint8Array<ArrayBuffer> {
    const text = this.#match(BYTES, "bytes")[1]!;
    try {
      return Uint8Array.fromBase64(text);
    } catch {
      throw this.#fault("bytes");
    }
  }

  #displayString(): DisplayString {
    const text = this.#match(DISPLAY_STRING, "a display string")[1]!;
    try {
      return new DisplayString(decodeURIComponent(text));
    } catch {
      throw this.#fault("a display string");
    }
  }

  #key(): string {
    return this.#match(KEY, "a key")[0];
  }

  #match(pattern: RegExp, what: string): RegExpExecArray {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (!match) throw this.#fault(what);
    this.#at += match[0].length;
    return match;
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #skip(chars: string): void {
    while (!this.done && chars.includes(this.#text[this.#at]!)) this.#at++;
  }

  /** Says where, and nothing of what is there. */
  #fault(what: string): SyntaxError {
    return new SyntaxError(`Cannot read structured field: ${what} is malformed at ${this.#at + 1}`);
  }
}
