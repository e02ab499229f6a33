/**
 * The `.api` compiler: files to a checked program, or to what is wrong with it.
 *
 * @module
 */

import { checkProgram } from "./check.ts";
import { type Diagnostic, hasErrors } from "./diagnostic.ts";
import { loadProgram } from "./loader.ts";
import { Report } from "./report.ts";
import { resolveProgram } from "./resolve.ts";
import type { ApiSpec } from "./spec.ts";

/** Options for {@link compileApi}. */
export interface CompileOptions {
  /**
   * Reads the text of a file. It gets the path of the main file as given, cleaned, and those of
   * imports relative to the importing file; it throws when there is no such file.
   */
  readFile: (path: string) => string;
  /** Accept the constructs of the old dialect, with a warning each. @default {false} */
  compat?: boolean;
}

/** What {@link compileApi} gives. */
export interface CompileResult {
  /** The program; absent when any diagnostic is an error. */
  spec?: ApiSpec;
  /** All findings in all files: syntax, imports, then the checks in a fixed order, warnings last. */
  diagnostics: Diagnostic[];
  /** Text of each file that was read, by its path. */
  sources: Map<string, string>;
}

/**
 * Compiles the program whose main file is `mainPath`. Never throws for what the files hold.
 *
 * @param mainPath Path of the main file. Make it absolute when imports may name absolute paths:
 * a file is told from others by its path.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const text = `service greet-api {\n  @handler greet\n  get /hello/:name\n}\n`;
 * const { spec, diagnostics } = compileApi("/greet.api", { readFile: () => text });
 * assertEquals(diagnostics, []);
 * assertEquals(spec?.groups[0]?.routes[0]?.path, "/hello/:name");
 * ```
 */
export function compileApi(mainPath: string, options: CompileOptions): CompileResult {
  const { readFile, compat } = options;
  const imports = new Report();
  const { files, sources } = loadProgram(mainPath, { readFile, compat, report: imports });
  const found = [...files.flatMap((source) => source.diagnostics), ...imports.diagnostics];
  const result = { sources: new Map(sources) };
  // Checks of a program with holes would mostly report the holes.
  if (hasErrors(found)) return { ...result, diagnostics: errorsFirst(found) };
  found.push(...checkProgram(files));
  const diagnostics = errorsFirst(found);
  if (hasErrors(found)) return { ...result, diagnostics };
  return { ...result, diagnostics, spec: resolveProgram(files) };
}

function errorsFirst(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [
    ...diagnostics.filter(({ severity }) => severity === "error"),
    ...diagnostics.filter(({ severity }) => severity === "warning"),
  ];
}
