/**
 * Collecting diagnostics of the checks.
 *
 * @module
 */

import type { Diagnostic } from "./diagnostic.ts";

/** Where a diagnostic points: a token, or any other place of a file. */
export interface Place {
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1. */
  readonly column: number;
}

/** Options of one finding. */
export interface ReportOptions {
  /** What would help. */
  hint?: string | undefined;
}

/** Diagnostics in the order they are found. */
export class Report {
  /** What was found so far. */
  readonly diagnostics: Diagnostic[] = [];

  /** Adds an error. */
  error(file: string, place: Place, code: string, message: string, options?: ReportOptions): void {
    this.#add("error", file, place, code, message, options);
  }

  /** Adds a warning. */
  warn(file: string, place: Place, code: string, message: string, options?: ReportOptions): void {
    this.#add("warning", file, place, code, message, options);
  }

  #add(
    severity: "error" | "warning",
    file: string,
    { line, column }: Place,
    code: string,
    message: string,
    { hint }: ReportOptions = {},
  ): void {
    const found = { file, line, column, severity, code, message };
    this.diagnostics.push(hint === undefined ? found : { ...found, hint });
  }
}
