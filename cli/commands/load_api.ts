/**
 * Compiles the `.api` file that a command names.
 *
 * @module
 */

import { resolve } from "@std/path";
import { compileApi } from "../api/compile.ts";
import type { Diagnostic } from "../api/diagnostic.ts";
import type { ApiSpec } from "../api/spec.ts";
import { readText } from "../files.ts";
import type { Sources } from "../report.ts";

/** What came of an `.api` file. */
export interface LoadedApi {
  /** The program, unless it has errors. */
  readonly spec: ApiSpec | undefined;
  /** Everything found. */
  readonly diagnostics: readonly Diagnostic[];
  /** Texts of the files that were read. */
  readonly sources: Sources;
}

/**
 * Compiles the file at `path` and what it imports.
 *
 * @throws {FileError} If the file itself cannot be read; an import that cannot is a diagnostic.
 */
export async function loadApi(
  path: string,
  { compat = false }: { compat?: boolean } = {},
): Promise<LoadedApi> {
  const main = resolve(path);
  const text = await readText(path);
  const readFile = (file: string) => file === main ? text : Deno.readTextFileSync(file);
  const { spec, diagnostics, sources } = compileApi(main, { readFile, compat });
  return { spec, diagnostics, sources };
}
