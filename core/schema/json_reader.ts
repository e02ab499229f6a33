/**
 * A JSON reader that keeps the digits of numbers, says where a text goes wrong, and can refuse
 * duplicate keys. Slower than the platform's parser, so it reads only what needs it.
 *
 * @module
 */

import { ExactNumber, isCanonicalNumber } from "./exact_number.ts";

/** Why a text could not be read. */
export class JsonProblem extends Error {
  /** Whether the text is well-formed so far, but nested too deeply. */
  readonly tooDeep: boolean;
  /** Line of the problem, from 1. */
  readonly line: number;

  constructor(message: string, line: number, tooDeep = false) {
    super(message);
    this.tooDeep = tooDeep;
    this.line = line;
  }
}

/** How {@link JsonReader} reads. */
export interface JsonReaderOptions {
  /** Deepest nesting of objects and lists. */
  readonly maxDepth: number;
  /** Whether a key that appears twice in one object is a problem; else the last one wins. */
  readonly uniqueKeys?: boolean;
  /** Receives the line, from 1, of every key by its dotted path. */
  readonly lines?: Map<string, number>;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** Reads one JSON text. */
export class JsonReader {
  readonly #text: string;
  readonly #options: JsonReaderOptions;
  #index = 0;
  #depth = 0;
  #path = "";
  #lineNumber = 1;
  #lineStart = 0;

  constructor(text: string, options: JsonReaderOptions) {
    this.#text = text;
    this.#options = options;
  }

  /** The value of the whole text. Throws a {@link JsonProblem}. */
  read(): unknown {
    const value = this.#value();
    this.#skipSpace();
    if (this.#index < this.#text.length) throw this.#unexpected();
    return value;
  }

  #value(): unknown {
    this.#skipSpace();
    const char = this.#text[this.#index];
    switch (char) {
      case "{":
        return this.#nested(() => this.#object());
      case "[":
        return this.#nested(() => this.#list());
      case '"':
        return this.#string();
      case "t":
        return this.#word("true", true);
      case "f":
        return this.#word("false", false);
      case "n":
        return this.#word("null", null);
      default:
        return this.#number();
    }
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > this.#options.maxDepth) {
      throw this.#problem(`nested deeper than ${this.#options.maxDepth} levels`, true);
    }
    this.#index++;
    const value = read();
    this.#depth--;
    return value;
  }

  #object(): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    const { lines, uniqueKeys } = this.#options;
    if (this.#take("}")) return object;
    do {
      this.#skipSpace();
      if (this.#text[this.#index] !== '"') throw this.#unexpected();
      const key = this.#string();
      if (uniqueKeys && Object.hasOwn(object, key)) {
        throw this.#problem(`duplicate key "${key.slice(0, 40)}"`);
      }
      const outer = this.#path;
      if (lines) {
        this.#path = outer === "" ? key : `${outer}.${key}`;
        lines.set(this.#path, this.#line());
      }
      if (!this.#take(":")) throw this.#unexpected();
      defineMember(object, key, this.#value());
      this.#path = outer;
    } while (this.#take(","));
    if (!this.#take("}")) throw this.#unexpected();
    return object;
  }

  #list(): unknown[] {
    const list: unknown[] = [];
    if (this.#take("]")) return list;
    const outer = this.#path;
    do {
      if (this.#options.lines) this.#path = `${outer}[${list.length}]`;
      list.push(this.#value());
    } while (this.#take(","));
    this.#path = outer;
    if (!this.#take("]")) throw this.#unexpected();
    return list;
  }

  #string(): string {
    const start = this.#index;
    let end = start + 1;
    for (; end < this.#text.length; end++) {
      const char = this.#text[end];
      if (char === '"') break;
      if (char === "\\") end++;
      else if (this.#text.charCodeAt(end) < 32) {
        this.#index = end;
        throw this.#unexpected();
      }
    }
    if (end >= this.#text.length) throw this.#problem("unexpected end of text");
    this.#index = end + 1;
    try {
      return JSON.parse(this.#text.slice(start, end + 1)) as string;
    } catch {
      // All that can still be wrong is an escape, and only the platform knows their grammar.
      this.#index = start;
      throw this.#problem("bad escape in string");
    }
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#index)) throw this.#unexpected();
    this.#index += word.length;
    return value;
  }

  #number(): number | ExactNumber {
    NUMBER.lastIndex = this.#index;
    const text = NUMBER.exec(this.#text)?.[0];
    if (text === undefined) throw this.#unexpected();
    this.#index += text.length;
    return isCanonicalNumber(text) ? Number(text) : new ExactNumber(text);
  }

  #take(char: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#index] !== char) return false;
    this.#index++;
    return true;
  }

  #skipSpace(): void {
    for (;; this.#index++) {
      const char = this.#text.charCodeAt(this.#index);
      if (char !== 32 && char !== 10 && char !== 13 && char !== 9) return;
    }
  }

  /** The line at the index. The index only grows, so each character is counted once. */
  #line(): number {
    let next = this.#text.indexOf("\n", this.#lineStart);
    while (next >= 0 && next < this.#index) {
      this.#lineNumber++;
      this.#lineStart = next + 1;
      next = this.#text.indexOf("\n", this.#lineStart);
    }
    return this.#lineNumber;
  }

  #problem(what: string, tooDeep = false): JsonProblem {
    const line = this.#line();
    const column = this.#index - this.#lineStart + 1;
    return new JsonProblem(`${what} at line ${line}, column ${column}`, line, tooDeep);
  }

  #unexpected(): JsonProblem {
    const char = this.#text.codePointAt(this.#index);
    if (char === undefined) return this.#problem("unexpected end of text");
    return this.#problem(`unexpected ${JSON.stringify(String.fromCodePoint(char))}`);
  }
}

// Plain assignment of `__proto__` would change the prototype instead of adding a key.
function defineMember(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") {
    object[key] = value;
    return;
  }
  Object.defineProperty(object, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
