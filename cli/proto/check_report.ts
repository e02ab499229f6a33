/**
 * How checks tell what is wrong.
 *
 * @module
 */

import type { Position } from "./ast.ts";

/** Notes a problem. `message` reads `Cannot <do what>: <what is>`. */
export type ReportProblem = (
  pos: Position,
  code: string,
  message: string,
  hint?: string,
) => void;
