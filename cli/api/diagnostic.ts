/**
 * Diagnostics of the `.api` compiler and how they are shown.
 *
 * @module
 */

/** Whether a diagnostic refuses the program. */
export type Severity = "error" | "warning";

/** One finding about a source file. */
export interface Diagnostic {
  /** Path of the file, as the loader resolved it. */
  file: string;
  /** Line, from 1. */
  line: number;
  /** Column, from 1, in code points. */
  column: number;
  /** An error refuses the program, a warning does not. */
  severity: Severity;
  /** Stable name: `E-...` of an error, `W-...` of a warning. */
  code: string;
  /** One line of text, without a final period. */
  message: string;
  /** What would help, in one line. */
  hint?: string;
}

/** Options for {@link renderDiagnostic}. */
export interface RenderOptions {
  /** Text of the file, to show the line; without it only the first line is given. */
  source?: string | undefined;
  /** How to show a path. @default {the path as it is} */
  showPath?: (file: string) => string;
}

/** Longest part of a source line that is shown, in code points. */
const MAX_SHOWN = 120;

/**
 * Renders a diagnostic as `file:line:column: severity CODE message`, with the source line and a caret.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const found = {
 *   file: "a.api",
 *   line: 1,
 *   column: 8,
 *   severity: "error",
 *   code: "E-unresolved",
 *   message: `Cannot find type "Zeb"`,
 * } as const;
 * assertEquals(
 *   renderDiagnostic(found, { source: "type T Zeb" }),
 *   `a.api:1:8: error E-unresolved Cannot find type "Zeb"\n  type T Zeb\n         ^`,
 * );
 * ```
 */
export function renderDiagnostic(diagnostic: Diagnostic, options: RenderOptions = {}): string {
  const { file, line, column, severity, code, message, hint } = diagnostic;
  const shown = options.showPath?.(file) ?? file;
  const lines = [`${shown}:${line}:${column}: ${severity} ${code} ${message}`];
  const text = options.source === undefined ? undefined : lineOf(options.source, line);
  if (text !== undefined && text.trim() !== "") lines.push(...excerpt(text, column));
  if (hint !== undefined) lines.push(`  hint: ${hint}`);
  return lines.join("\n");
}

/**
 * Renders diagnostics as a JSON document, one object a diagnostic, two spaces of indentation.
 */
export function diagnosticsToJson(diagnostics: readonly Diagnostic[]): string {
  const plain = diagnostics.map(({ file, line, column, severity, code, message, hint }) => ({
    file,
    line,
    column,
    severity,
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
  }));
  return JSON.stringify(plain, null, 2);
}

/** Whether any of the diagnostics refuses the program. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

function lineOf(source: string, line: number): string | undefined {
  return source.replace(/^\uFEFF/, "").split("\n", line)[line - 1]?.replace(/\r$/, "");
}

/** The source line, cut around the caret, and the line of the caret. Tabs stay tabs, so they align. */
function excerpt(text: string, column: number): string[] {
  const points = Array.from(text);
  const from = Math.max(0, Math.min(column - 1 - MAX_SHOWN / 2, points.length - MAX_SHOWN));
  const shown = points.slice(from, from + MAX_SHOWN);
  const before = shown.slice(0, Math.max(0, column - 1 - from));
  const indent = before.map((char) => char === "\t" ? "\t" : " ").join("");
  return [
    `  ${shown.map(visible).join("").trimEnd()}`,
    `  ${indent}^`,
  ];
}

/** Control characters would disturb the terminal, so they are shown as U+FFFD. */
function visible(char: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  return /[\x00-\x08\x0b-\x1f\x7f]/.test(char) ? "\uFFFD" : char;
}
