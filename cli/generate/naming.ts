/**
 * Names of generated files, types and members.
 *
 * @module
 */

import { UsageError } from "../errors.ts";

/** Options for {@link splitWords}. */
export interface SplitOptions {
  /** Split before every capital, at `_` only, as go-zero's tool does: `UserID` gives `user i d`. */
  compat?: boolean;
}

/**
 * Splits a name into words. An acronym is one word, digits stay with the word before them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(splitWords("GetUserID"), ["Get", "User", "ID"]);
 * assertEquals(splitWords("HTTPServer-v2"), ["HTTP", "Server", "v2"]);
 * ```
 */
export function splitWords(name: string, { compat = false }: SplitOptions = {}): string[] {
  const pattern = compat
    ? /[A-Z][^A-Z_]*|[^A-Z_]+/g
    // Plural acronym, acronym before a word, word, acronym at the end, digits.
    : /[A-Z]{2,}s(?![a-z])|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+[0-9]*/g;
  return name.match(pattern) ?? [name];
}

/** `getUserID` of a name: the first word in lower case, the others with a capital. */
export function camelCase(name: string): string {
  const [first = "", ...rest] = splitWords(name);
  return notDigitFirst(first.toLowerCase() + rest.map(capitalise).join(""));
}

/** `GetUserID` of a name: every word with a capital, acronyms as they are. */
export function pascalCase(name: string): string {
  return notDigitFirst(splitWords(name).map(capitalise).join(""));
}

/** `_1` splits into the word `1`, which begins no identifier. */
function notDigitFirst(name: string): string {
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

function capitalise(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** Turns words into a file name. */
export type FileStyle = (...parts: string[]) => string;

const STYLE = /^(.*?)(go|GO|Go)(.*?)(zero|ZERO|Zero)(.*)$/;

/**
 * Reads a file naming style: `go_zero` gives `get_user_logic`, `goZero` `getUserLogic`.
 *
 * The case of `go` is that of the first word, the case of `zero` that of the others; the text
 * before, between and behind them is kept.
 *
 * @throws {UsageError} If the text has no `go` before a `zero`, or characters no file name has.
 */
export function parseStyle(format: string, options: SplitOptions = {}): FileStyle {
  const [, before = "", go = "", between = "", zero = "", after = ""] = STYLE.exec(format) ?? [];
  if (go === "" || /[^\w.#@+-]/.test(before + between + after)) {
    throw new UsageError(
      `Cannot use style "${format}": need go and zero in it, as in go_zero, goZero or go-zero`,
    );
  }
  return (...parts) => {
    const [first = "", ...rest] = parts.flatMap((part) => splitWords(part, options));
    return before + [inCase(go, first), ...rest.map((word) => inCase(zero, word))].join(between) +
      after;
  };
}

function inCase(sample: string, word: string): string {
  const lower = word.toLowerCase();
  if (sample === sample.toLowerCase()) return lower;
  return sample === sample.toUpperCase() ? word.toUpperCase() : capitalise(lower);
}

const RESERVED: ReadonlySet<string> = new Set(
  ("arguments await break case catch class const constructor continue debugger default delete do else enum eval " +
    "export extends false finally for function if implements import in instanceof interface let new " +
    "null package private protected public return static super switch this throw true try typeof " +
    "undefined var void while with yield").split(" "),
);

/** Types that generated code uses, which none of the user may hide. */
const USED_TYPES: ReadonlySet<string> = new Set(
  ("AsyncIterable Context ObjectSchema Promise PropertyKey Record ServiceContext ServiceError " +
    "Uint8Array").split(" "),
);

/** `name`, with a trailing `_` when it is a reserved word. */
export function safeIdentifier(name: string): string {
  return RESERVED.has(name) ? `${name}_` : name;
}

/** Name of the TypeScript type for a declared structure. */
export function typeName(declared: string): string {
  const name = pascalCase(declared);
  // Classes and interfaces of routes end so.
  return USED_TYPES.has(name) || /(Logic|Contract)$/.test(name) ? `${name}_` : name;
}

/** A property name as it stands in an object literal: quoted where it has to be. */
export function propertyKey(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** Hands out names once: a name that is taken gets a trailing `_` until it is free. */
export class NameScope {
  readonly #taken: Set<string>;

  /** `taken` are names that are never handed out. */
  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  /** The name, or the closest free one. */
  claim(name: string): string {
    let free = name;
    while (this.#taken.has(free)) free += "_";
    this.#taken.add(free);
    return free;
  }
}

/** Hands out names once, and so that the files which are called after them differ: the next one gets a number. */
export class StemScope {
  readonly #style: FileStyle;
  readonly #taken = new Set<string>();

  /** `style` names the files. */
  constructor(style: FileStyle) {
    this.#style = style;
  }

  /** The name, or the name with the first number that is free. */
  claim(name: string): string {
    let free = name;
    // Some file systems do not tell capitals from small letters.
    const stem = () => this.#style(free).toLowerCase();
    for (let number = 2; this.#taken.has(stem()); number++) free = `${name}${number}`;
    this.#taken.add(stem());
    return free;
  }
}
