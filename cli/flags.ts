/**
 * Reads command-line flags against a table of what a command takes.
 *
 * Long flags may be written with one dash or two, as in Go tools: `-dir x`, `--dir x`, `--dir=x`.
 *
 * @module
 */

import { UsageError } from "./errors.ts";

/** What a flag takes. */
export interface FlagSpec {
  /** `boolean` flags take no value (or `=true`, `=false`), `string` flags take one. */
  readonly type: "boolean" | "string";
  /** One line for the help text. */
  readonly about: string;
  /** What stands for the value in the help text. @default {"TEXT"} */
  readonly value?: string;
  /** The only values that are taken. */
  readonly choices?: readonly string[];
  /** Value when the flag is not given. */
  readonly default?: string;
  /** One letter that means the same; its value may stand right behind it, as in `-Iprotos`. */
  readonly letter?: string;
  /** Whether it may be given several times. @default {false: the last one counts} */
  readonly repeated?: boolean;
}

/** Flags by name. */
export type FlagTable = Readonly<Record<string, FlagSpec>>;

/** Values of the flags of one command line. */
export class FlagValues {
  readonly #values: ReadonlyMap<string, string | true>;
  readonly #lists: ReadonlyMap<string, readonly string[]>;

  /** Holds `values`; a boolean flag that is on has the value `true`. `lists` has those of repeated flags. */
  constructor(
    values: ReadonlyMap<string, string | true>,
    lists: ReadonlyMap<string, readonly string[]> = new Map(),
  ) {
    this.#values = values;
    this.#lists = lists;
  }

  /** Whether a boolean flag is on. */
  on(name: string): boolean {
    return this.#values.get(name) === true;
  }

  /** Value of a string flag, or `undefined`. */
  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return value === true ? undefined : value;
  }

  /** Values of a flag that may be given several times, in order. */
  list(name: string): readonly string[] {
    return this.#lists.get(name) ?? [];
  }
}

/** What {@link parseFlags} read. */
export interface ParsedFlags {
  /** Words that are no flags, in order. */
  readonly args: readonly string[];
  /** Values of the flags, defaults included. */
  readonly flags: FlagValues;
}

/** Thrown for a flag that no table has, so that the caller can suggest one. */
export class UnknownFlagError extends UsageError {
  /** The flag as it was written. */
  readonly flag: string;

  /** `flag` is the flag as it was written, dashes included. */
  constructor(flag: string) {
    super(`unknown flag ${flag}`);
    this.name = "UnknownFlagError";
    this.flag = flag;
  }
}

/**
 * Splits words into flags and arguments. `--` ends the flags; a lone `-` is an argument.
 *
 * @throws {UsageError} If a flag is unknown, lacks its value or has one that is not among its choices.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const table = { dir: { type: "string", about: "target folder" } } as const;
 * const { args, flags } = parseFlags(["a.api", "-dir", "out"], table);
 * assertEquals([args, flags.text("dir")], [["a.api"], "out"]);
 * ```
 */
export function parseFlags(words: readonly string[], table: FlagTable): ParsedFlags {
  const args: string[] = [];
  const values = defaultsOf(table);
  const lists = new Map<string, string[]>();
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word === "--") {
      args.push(...words.slice(index + 1));
      break;
    }
    if (!/^--?[A-Za-z]/.test(word)) {
      args.push(word);
      continue;
    }
    const { name, spec, inline } = lookUp(word, table);
    if (spec.type === "boolean") {
      setBoolean(values, name, inline);
      continue;
    }
    const value = inline ?? words[++index];
    if (value === undefined) throw new UsageError(`flag --${name} needs a value`);
    checkChoice(name, spec, value);
    values.set(name, value);
    if (spec.repeated) lists.set(name, [...lists.get(name) ?? [], value]);
  }
  return { args, flags: new FlagValues(values, lists) };
}

function defaultsOf(table: FlagTable): Map<string, string | true> {
  const values = new Map<string, string | true>();
  for (const [name, spec] of Object.entries(table)) {
    if (spec.default !== undefined) values.set(name, spec.default);
  }
  return values;
}

function lookUp(word: string, table: FlagTable): { name: string; spec: FlagSpec; inline?: string } {
  const [, text = "", inline] = /^--?([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
  const name = Object.hasOwn(table, text)
    ? text
    : Object.keys(table).find((name) => table[name]!.letter === text);
  if (name === undefined) {
    const attached = attachedValue(word, table);
    if (attached !== undefined) return attached;
    throw new UnknownFlagError(word.replace(/=.*$/s, ""));
  }
  return { name, spec: table[name]!, ...(inline === undefined ? {} : { inline }) };
}

/** `-Iprotos`, with one dash. */
function attachedValue(
  word: string,
  table: FlagTable,
): { name: string; spec: FlagSpec; inline: string } | undefined {
  const found = Object.entries(table).find(([, { letter, type, repeated }]) =>
    repeated && type === "string" && letter !== undefined && word.startsWith(`-${letter}`)
  );
  return found && { name: found[0], spec: found[1], inline: word.slice(2) };
}

function setBoolean(values: Map<string, string | true>, name: string, inline?: string): void {
  if (inline === undefined || inline === "true") values.set(name, true);
  else if (inline === "false") values.delete(name);
  else throw new UsageError(`flag --${name} takes no value but true or false, got "${inline}"`);
}

function checkChoice(name: string, spec: FlagSpec, value: string): void {
  if (spec.choices === undefined || spec.choices.includes(value)) return;
  throw new UsageError(`flag --${name} takes ${spec.choices.join(", ")}, got "${value}"`);
}
