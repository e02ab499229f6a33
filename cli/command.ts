/**
 * A small framework for nested commands.
 *
 * A command says in a table what it takes; its code is loaded when it runs, so that a quick command
 * does not pay for the others.
 *
 * @module
 */

import { EXIT_IO, EXIT_OK, EXIT_USAGE, FileError, UsageError } from "./errors.ts";
import {
  type FlagTable,
  type FlagValues,
  type ParsedFlags,
  parseFlags,
  UnknownFlagError,
} from "./flags.ts";
import { chooseColor, quieten, type Terminal } from "./terminal.ts";

/** What a command is given when it runs. */
export interface Invocation {
  /** Arguments that are no flags; their number has been checked. */
  readonly args: readonly string[];
  /** Values of the flags. */
  readonly flags: FlagValues;
  /** Whether the answer should be JSON. */
  readonly json: boolean;
  /** Where to write. */
  readonly terminal: Terminal;
}

/** Code of a command; resolves to the exit code of the process. */
export type Action = (invocation: Invocation) => number | Promise<number>;

/** A command, or a group of commands. */
export interface Command {
  /** The word that calls it. */
  readonly name: string;
  /** Other words that call it. */
  readonly aliases?: readonly string[];
  /** One line: what it does. */
  readonly about: string;
  /** Names of the arguments: `[DIR]` when one may be left out, `FILE...` or `[FILE...]` when the last may be several. */
  readonly args?: readonly string[];
  /** Flags it takes beside the common ones. */
  readonly flags?: FlagTable;
  /** Command lines that show how it is used. */
  readonly examples?: readonly string[];
  /** Commands below it. */
  readonly commands?: readonly Command[];
  /** Loads its code. */
  readonly load?: () => Promise<Action>;
}

/** Flags that every command takes. */
export const COMMON_FLAGS: FlagTable = {
  json: { type: "boolean", about: "answer with JSON" },
  quiet: { type: "boolean", about: "say nothing but what was asked for, and errors" },
  color: {
    type: "string",
    value: "WHEN",
    about: "colour the output",
    choices: ["auto", "always", "never"],
    default: "auto",
  },
  help: { type: "boolean", letter: "h", about: "show this text" },
};

/**
 * Runs the command that `words` name, below `root`.
 *
 * @returns The exit code: 0 ok, 1 diagnostics or a difference, 2 usage, 3 I/O.
 */
export async function runCommand(
  root: Command,
  words: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const { path, rest } = descend(root, words);
  try {
    return await invoke(path, rest, terminal);
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.error(await usageMessage(error, path, rest));
      return EXIT_USAGE;
    }
    if (error instanceof FileError) {
      terminal.error(error.message);
      return EXIT_IO;
    }
    throw error;
  }
}

/** Follows the leading words down the tree, as far as they name commands. */
function descend(root: Command, words: readonly string[]): { path: Command[]; rest: string[] } {
  const path = [root];
  let index = 0;
  for (; index < words.length; index++) {
    const word = words[index]!;
    const next = path.at(-1)!.commands?.find((command) =>
      command.name === word || command.aliases?.includes(word)
    );
    if (next === undefined) break;
    path.push(next);
  }
  return { path, rest: words.slice(index) };
}

async function invoke(
  path: readonly Command[],
  words: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const command = path.at(-1)!;
  const parsed = parseFlags(words, { ...command.flags, ...COMMON_FLAGS });
  chooseColor(parsed.flags.text("color"));
  if (parsed.flags.on("help") || (command.load === undefined && words.length === 0)) {
    const { renderHelp } = await import("./help.ts");
    terminal.print(renderHelp(path));
    return EXIT_OK;
  }
  if (command.load === undefined) {
    const word = parsed.args[0];
    throw new UsageError(word === undefined ? "no command given" : `unknown command "${word}"`);
  }
  return await run(command, command.load, parsed, terminal);
}

async function run(
  command: Command,
  load: () => Promise<Action>,
  { args, flags }: ParsedFlags,
  terminal: Terminal,
): Promise<number> {
  checkCount(command.args ?? [], args);
  const action = await load();
  const json = flags.on("json");
  return await action({
    args,
    flags,
    json,
    terminal: quieten(terminal, json || flags.on("quiet")),
  });
}

function checkCount(names: readonly string[], args: readonly string[]): void {
  const required = names.filter((name) => !name.startsWith("["));
  const missing = required[args.length];
  if (missing !== undefined) throw new UsageError(`${missing.replace("...", "")} is missing`);
  if (/\.\.\.\]?$/.test(names.at(-1) ?? "")) return;
  const extra = args[names.length];
  if (extra !== undefined) throw new UsageError(`unexpected argument "${extra}"`);
}

/** The message of a wrong command line, with the closest name and where to read more. */
async function usageMessage(
  error: UsageError,
  path: readonly Command[],
  words: readonly string[],
): Promise<string> {
  const command = path.at(-1)!;
  const called = path.map(({ name }) => name).join(" ");
  const wrong = error instanceof UnknownFlagError ? error.flag : words[0];
  const known = error instanceof UnknownFlagError
    ? Object.keys({ ...command.flags, ...COMMON_FLAGS }).map((name) => `--${name}`)
    : command.load === undefined
    ? (command.commands ?? []).map(({ name }) => name)
    : [];
  const closest = wrong === undefined ? undefined : await closestName(wrong, known);
  const hint = closest === undefined ? "" : `; did you mean ${closest}?`;
  const message = error.message.startsWith("Cannot ")
    ? error.message
    : `Cannot run ${called}: ${error.message}${hint}`;
  return `${message}\nRun \`${called} --help\` to see what it takes`;
}

async function closestName(word: string, known: readonly string[]): Promise<string | undefined> {
  if (known.length === 0) return undefined;
  const { closestString, levenshteinDistance } = await import("@std/text");
  const closest = closestString(word, known);
  // A name that shares less than half its letters with the word is no help.
  return levenshteinDistance(word, closest) <= Math.max(word.length, closest.length) / 2
    ? closest
    : undefined;
}
