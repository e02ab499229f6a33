/**
 * `internal/types/rules.gen.ts`: the functions that schemas check values with.
 *
 * @module
 */

import { genFile, type TextFile } from "../../generated_file.ts";
import { helpersText } from "./helpers.ts";

/** Path of the file. */
export const RULES_PATH = "internal/types/rules.gen.ts";

/** The file with the functions of these names. */
export function rulesFile(helpers: Iterable<string>, source: string): TextFile {
  return genFile(RULES_PATH, source, helpersText(helpers));
}
