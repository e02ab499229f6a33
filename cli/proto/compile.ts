/**
 * Compiles `.proto` files.
 *
 * @module
 */

import type { Diagnostic } from "../api/diagnostic.ts";
import type { ProtoFile } from "./ast.ts";
import { type LoadOptions, loadProtos } from "./loader.ts";
import { type NameFinder, resolveProtos } from "./resolve.ts";

/** A program of `.proto` files. */
export interface ProtoProgram {
  /** The files asked for. */
  readonly mains: readonly ProtoFile[];
  /** These and all they import, each behind those it imports. */
  readonly files: readonly ProtoFile[];
  /** The file that declares the options. */
  readonly descriptor: ProtoFile;
  /** Finds what a name stands for. */
  readonly find: NameFinder;
}

/** What came of the files. */
export interface CompiledProtos {
  /** The program, unless it has errors. */
  readonly program: ProtoProgram | undefined;
  /** Everything found. */
  readonly diagnostics: readonly Diagnostic[];
  /** Texts by path. */
  readonly sources: ReadonlyMap<string, string>;
}

/** Compiles the files at these absolute paths, and what they import. It writes nothing. */
export function compileProtos(paths: readonly string[], options: LoadOptions): CompiledProtos {
  const { mains, files, descriptor, diagnostics, sources } = loadProtos(paths, options);
  if (diagnostics.length > 0) return { program: undefined, diagnostics, sources };
  const resolved = resolveProtos(files);
  if (resolved.diagnostics.length > 0) {
    return { program: undefined, diagnostics: resolved.diagnostics, sources };
  }
  const program = { mains, files, descriptor, find: resolved.find };
  return { program, diagnostics: [], sources };
}
