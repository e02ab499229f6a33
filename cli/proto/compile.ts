/**
 * Compiles `.proto` files.
 *
 * @module
 */

import type { Diagnostic } from "../api/diagnostic.ts";
import type { ProtoFile } from "./ast.ts";
import { checkProto } from "./check.ts";
import { fileDescriptor } from "./descriptor.ts";
import { type LoadOptions, loadProtos } from "./loader.ts";
import { interpretOptions, type ProgramOptions } from "./program_options.ts";
import { resolveProtos } from "./resolve.ts";

/** A program of `.proto` files. */
export interface ProtoProgram {
  /** The files asked for. */
  readonly mains: readonly ProtoFile[];
  /** These and all they import, each behind those it imports. */
  readonly files: readonly ProtoFile[];
  /** What the options of all declarations mean. */
  readonly options: ProgramOptions;
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
  const named = [...resolved.diagnostics, ...files.flatMap(checkProto)];
  if (named.length > 0) return { program: undefined, diagnostics: named, sources };
  const { find } = resolved;
  const interpreted = interpretOptions(files, descriptor, find);
  if (interpreted.diagnostics.length > 0) {
    return { program: undefined, diagnostics: interpreted.diagnostics, sources };
  }
  const program = { mains, files, options: interpreted.options };
  return { program, diagnostics: [], sources };
}

/** Bytes of the `google.protobuf.FileDescriptorProto` of a file of the program. */
export function descriptorOf(file: ProtoFile, { options }: ProtoProgram): Uint8Array {
  return fileDescriptor(file, (nodes) => options.get(nodes)?.encode());
}
