/**
 * Shows diagnostics of source files.
 *
 * @module
 */

import { bold, red, yellow } from "@std/fmt/colors";
import { relative } from "@std/path";
import { type Diagnostic, renderDiagnostic } from "./api/diagnostic.ts";
import type { Terminal } from "./terminal.ts";

/** Texts of source files by path, to show the line of a diagnostic. */
export type Sources = ReadonlyMap<string, string>;

/** Writes diagnostics to the error stream, paths as seen from the current folder. */
export function reportDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  terminal: Terminal,
): void {
  for (const diagnostic of diagnostics) {
    const text = renderDiagnostic(diagnostic, {
      source: sources.get(diagnostic.file),
      showPath: shortPath,
    });
    terminal.error(paint(text, diagnostic));
  }
}

/** A path as it is shorter: relative to the current folder, or absolute. */
export function shortPath(path: string): string {
  const short = relative(Deno.cwd(), path);
  return short.length < path.length ? short : path;
}

/** Colours the head of a diagnostic; without colours nothing changes. */
function paint(text: string, { severity, code }: Diagnostic): string {
  const word = `${severity} ${code}`;
  return text.replace(
    `: ${word} `,
    () => `: ${bold((severity === "error" ? red : yellow)(word))} `,
  );
}

/** `1 error`, `2 errors`. */
export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
