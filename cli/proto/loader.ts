/**
 * Reads `.proto` files and what they import.
 *
 * @module
 */

import { isAbsolute, join, normalize, relative } from "@std/path";
import type { Diagnostic } from "../api/diagnostic.ts";
import type { ImportNode, ProtoFile } from "./ast.ts";
import { BUNDLED, DESCRIPTOR_NAME } from "./bundled.ts";
import { diagnosticAt, ProtoFault } from "./fault.ts";
import { parseProto, type ProtoSource } from "./parser.ts";

/** Imports one behind the other; more is an attack, not a design. */
const MAX_DEPTH = 200;

/** Options for {@link loadProtos}. */
export interface LoadOptions {
  /** Text of the file at an absolute path; throws when there is none. */
  readonly readFile: (path: string) => string;
  /** Folders where imports are looked for, in this order; absolute paths. */
  readonly importPaths: readonly string[];
  /** Whether the files asked for are those that come with the command. @default {false} */
  readonly bundled?: boolean;
}

/** What was read. */
export interface LoadedProtos {
  /** The files asked for; fewer when some have errors. */
  readonly mains: readonly ProtoFile[];
  /** All files, each behind those it imports. */
  readonly files: readonly ProtoFile[];
  /** The file that declares the options. */
  readonly descriptor: ProtoFile;
  /** What is wrong. */
  readonly diagnostics: readonly Diagnostic[];
  /** Texts by path. */
  readonly sources: ReadonlyMap<string, string>;
}

/**
 * Reads the files at these absolute paths, and their imports.
 *
 * The name of a file, by which others import it, is its path below the first of the import paths that
 * holds it.
 */
export function loadProtos(paths: readonly string[], options: LoadOptions): LoadedProtos {
  const loader = new Loader(options);
  const descriptor = loader.bundled(DESCRIPTOR_NAME)!;
  const mains = paths.map((path) => loader.main(path)).filter((file) => file !== undefined);
  const { files, diagnostics, sources } = loader;
  return { mains, files, descriptor, diagnostics, sources };
}

class Loader {
  readonly files: ProtoFile[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly sources = new Map<string, string>();
  readonly #options: LoadOptions;
  /** By name; `undefined` while a file is being read, or when it has errors. */
  readonly #known = new Map<string, ProtoFile | undefined>();
  /** Names of the files that are being read, to tell a circle. */
  readonly #open: string[] = [];

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  main(path: string): ProtoFile | undefined {
    const name = this.#nameOf(path);
    if (this.#options.bundled) return this.#known.get(name) ?? this.bundled(name);
    // What another file imports may be proto2, but not what is compiled itself: then it is read again.
    if (this.#known.has(name) && this.#known.get(name)?.syntax !== "proto2") {
      return this.#known.get(name);
    }
    const source = { name, path, bundled: false, allowsProto2: false };
    return this.#read(this.#options.readFile(path), source);
  }

  /** Reads a file that comes with the command. */
  bundled(name: string): ProtoFile | undefined {
    const text = BUNDLED.get(name);
    const source = { name, path: name, bundled: true, allowsProto2: true };
    return text === undefined ? undefined : this.#read(text, source);
  }

  #nameOf(path: string): string {
    if (this.#options.bundled) return path.replace(/^.*?(?=google\/)/, "");
    const names = this.#options.importPaths.map((root) => relative(root, path))
      .filter((name) => !name.startsWith("..") && !isAbsolute(name));
    return (names[0] ?? path).replaceAll("\\", "/");
  }

  #read(text: string, source: ProtoSource): ProtoFile | undefined {
    const { name, path } = source;
    this.sources.set(path, text);
    this.#known.set(name, undefined);
    try {
      const file = parseProto(text, source);
      this.#open.push(name);
      for (const [index, node] of file.imports.entries()) {
        if (file.imports.findIndex(({ path }) => path === node.path) < index) {
          this.#fail("E-import", `Cannot import "${node.path}": it is imported already`, node);
          continue;
        }
        const imported = this.#import(node);
        if (imported !== undefined) file.dependencies.push(imported);
      }
      this.#open.pop();
      this.#known.set(name, file);
      this.files.push(file);
      return file;
    } catch (error) {
      if (!(error instanceof ProtoFault)) throw error;
      this.diagnostics.push(error.diagnostic);
      return undefined;
    }
  }

  #import(node: ImportNode): ProtoFile | undefined {
    const { path: name, pos } = node;
    if (this.#open.includes(name)) {
      const circle = [...this.#open.slice(this.#open.indexOf(name)), name].join(" -> ");
      this.#fail("E-import", `Cannot import "${name}": it is a circle, ${circle}`, node);
      return undefined;
    }
    if (this.#known.has(name)) return this.#known.get(name);
    if (this.#open.length > MAX_DEPTH) {
      throw new ProtoFault("E-import", `Cannot import "${name}": imports are too deep`, pos);
    }
    // Also on Windows names have slashes.
    if (name === "" || normalize(name).replaceAll("\\", "/") !== name || /^[/.]|\\|:/.test(name)) {
      const hint = "name it from one of the import paths, without . and ..";
      this.#fail("E-import", `Cannot import "${name}": it is no plain path`, node, hint);
      return undefined;
    }
    return this.#find(node);
  }

  #find(node: ImportNode): ProtoFile | undefined {
    const { importPaths, readFile } = this.#options;
    const { path: name } = node;
    for (const root of importPaths) {
      const path = join(root, name);
      let text: string;
      try {
        text = readFile(path);
      } catch {
        continue;
      }
      return this.#read(text, { name, path, bundled: false, allowsProto2: true });
    }
    const file = this.bundled(name);
    if (file === undefined) {
      const shown = importPaths.slice(0, 3).join(", ");
      const more = importPaths.length > 3 ? ` and ${importPaths.length - 3} more` : "";
      const hint = `looked in ${shown}${more}; name another folder with -I`;
      this.#fail("E-import", `Cannot import "${name}": there is no such file`, node, hint);
    }
    return file;
  }

  #fail(code: string, message: string, { pos }: ImportNode, hint?: string): void {
    this.diagnostics.push(diagnosticAt(pos, code, message, hint));
  }
}
