/**
 * Programs in memory, for the tests.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { compileApi, type CompileResult } from "../compile.ts";
import type { Diagnostic } from "../diagnostic.ts";

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

/** A text and what the compiler finds in it. */
export interface CheckCase {
  /** What it is about. */
  name: string;
  /** The main file. */
  text: string;
  /** `line:column CODE` of each finding; none means the text passes. */
  found: string[];
}

/** Defines a test for each case. */
export function checkCases(what: string, cases: readonly CheckCase[]): void {
  for (const { name, text, found } of cases) {
    Deno.test(`checkProgram() ${what}: ${name}`, () => {
      assertEquals(summary(compileFiles({ "a.api": text }).diagnostics), found);
    });
  }
}

/** A structure of these members above a minimal service. */
export function structProgram(members: string): string {
  return `type T {\n${members}\n}\n${SERVICE}`;
}
