/**
 * What ends the reading of a `.proto` file.
 *
 * @module
 */

import type { Diagnostic } from "../api/diagnostic.ts";
import type { Position } from "./ast.ts";

/** Thrown where a file cannot be read further; becomes a {@link Diagnostic}. */
export class ProtoFault extends Error {
  /** What is wrong, and where. */
  readonly diagnostic: Diagnostic;

  /** Makes a fault. `message` reads `Cannot <do what>: <what is>`. */
  constructor(code: string, message: string, pos: Position, hint?: string) {
    super(message);
    this.name = "ProtoFault";
    this.diagnostic = diagnosticAt(pos, code, message, hint);
  }
}

/** An error at a place. */
export function diagnosticAt(
  { file, line, column }: Position,
  code: string,
  message: string,
  hint?: string,
): Diagnostic {
  const place = { file, line, column, severity: "error" as const, code, message };
  return hint === undefined ? place : { ...place, hint };
}
