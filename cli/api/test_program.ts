/**
 * Programs in memory, for the tests.
 *
 * @module
 */

import { compileApi, type CompileResult } from "./compile.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** A minimal service. */
export const SERVICE = "service s {\n\t@handler h\n\tget /p\n}\n";

/** Compiles files held in memory; the first one is the main file unless `main` names another. */
export function compileFiles(
  files: Readonly<Record<string, string | undefined>>,
  options: { main?: string; compat?: boolean } = {},
): CompileResult {
  const { main = Object.keys(files)[0] ?? "a.api", compat = false } = options;
  return compileApi(main, {
    compat,
    readFile: (path) => {
      const text = Object.hasOwn(files, path) ? files[path] : undefined;
      if (text === undefined) throw new Error(`no such file "${path}"`);
      return text;
    },
  });
}

/** Diagnostics as short text: `line:column CODE`, with the file where it is not the main one. */
export function summary(diagnostics: readonly Diagnostic[], main = "a.api"): string[] {
  return diagnostics.map(({ file, line, column, code }) =>
    `${file === main ? "" : `${file}:`}${line}:${column} ${code}`
  );
}
