/**
 * Reading of JSON text with the fastest parser that loses nothing.
 *
 * @module
 */

import { JsonProblem, JsonReader } from "./json_reader.ts";
import { scanJson } from "./_json_scan.ts";
import { MAX_DEPTH } from "./_run.ts";

/** The value of a JSON text, or why there is none. Never throws. */
export function readJson(text: string, maxDepth = MAX_DEPTH): { value: unknown } | JsonProblem {
  const scan = scanJson(text, maxDepth);
  if (scan === "plain") {
    try {
      return { value: JSON.parse(text) };
    } catch {
      // Read once more below, for a message that names the place and echoes nothing.
    }
  }
  try {
    return { value: new JsonReader(text, { maxDepth }).read() };
  } catch (error) {
    if (error instanceof JsonProblem) return error;
    throw error;
  }
}
