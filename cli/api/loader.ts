/**
 * Loading of a program: the main file and all it imports, each file once, in a fixed order.
 *
 * @module
 */

import type { ImportStatement, SourceFile } from "./ast.ts";
import { cleanPath, resolveFrom } from "./file_path.ts";
import { parse } from "./parser.ts";
import type { Report } from "./report.ts";
import type { Token } from "./token.ts";

/** Options for {@link loadProgram}. */
export interface LoadOptions {
  /** Reads the text of a file; throws when it cannot. */
  readFile: (path: string) => string;
  /** Accept the old dialect. @default {false} */
  compat?: boolean | undefined;
  /** Takes the problems of imports. */
  report: Report;
}

/** All files of a program. */
export interface Program {
  /** The main file first, then imports in source order, depth first. */
  readonly files: readonly SourceFile[];
  /** Text of each file by its path. */
  readonly sources: ReadonlyMap<string, string>;
}

/** Reads and parses the main file and, through its imports, all others. */
export function loadProgram(mainPath: string, options: LoadOptions): Program {
  const loader = new Loader(options);
  loader.main(cleanPath(mainPath));
  return { files: loader.files, sources: loader.sources };
}

/** A reader that finds a file under every name would else never come to an end. */
const MAX_FILES = 1000;

class Loader {
  readonly files: SourceFile[] = [];
  readonly sources = new Map<string, string>();
  readonly #options: LoadOptions;
  /** Files whose imports are being followed. */
  readonly #open = new Set<string>();

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  main(path: string): void {
    const text = this.#read(path);
    if (typeof text === "string") return this.#load(path, text);
    const place = { line: 1, column: 1 };
    this.#options.report.error(path, place, "E-read", `Cannot read file: ${text.problem}`);
  }

  /** Files of a long chain of imports are open at once, so the way through them is a loop. */
  #load(path: string, text: string): void {
    const stack = [this.#enter(path, text)];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const token = top.imports.shift();
      if (token !== undefined) {
        const next = this.#import(top.path, token);
        if (next !== undefined) stack.push(next);
        continue;
      }
      this.#open.delete(top.path);
      stack.pop();
    }
  }

  #enter(path: string, text: string): { path: string; imports: Token[] } {
    this.#open.add(path);
    this.sources.set(path, text);
    const source = parse(text, { file: path, compat: this.#options.compat });
    this.files.push(source);
    return { path, imports: importsOf(source) };
  }

  /** Follows one import, unless its file is loaded already. */
  #import(from: string, token: Token): { path: string; imports: Token[] } | undefined {
    const { report } = this.#options;
    const name = token.text.slice(1, -1);
    const say = (code: string, problem: string) =>
      report.error(from, token, code, `Cannot import ${token.text}: ${problem}`);
    if (name === "") return void say("E-import", "the path is empty");
    if (!name.endsWith(".api")) return void say("E-import", `the path must end in ".api"`);
    const path = resolveFrom(from, name);
    if (this.#open.has(path)) return void say("E-import-cycle", "the import leads back to itself");
    if (this.sources.has(path)) return undefined;
    if (this.files.length >= MAX_FILES) {
      return void say("E-too-many-files", `the program has more than ${MAX_FILES} files`);
    }
    const text = this.#read(path);
    if (typeof text === "string") return this.#enter(path, text);
    say("E-import", text.problem);
  }

  #read(path: string): string | { problem: string } {
    try {
      const text: unknown = this.#options.readFile(path);
      return typeof text === "string" ? text : { problem: "there is no such file" };
    } catch (error) {
      const problem = error instanceof Error ? error.message.split("\n", 1)[0] : undefined;
      return { problem: problem || "the file cannot be read" };
    }
  }
}

function importsOf(source: SourceFile): Token[] {
  return source.statements
    .filter((statement): statement is ImportStatement => statement.kind === "import")
    .flatMap((statement) => statement.paths);
}
