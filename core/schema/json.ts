/**
 * JSON text to values, without losing a digit and without trusting the text.
 *
 * @module
 */

import { ValidationError } from "./errors.ts";
import { JsonProblem } from "./json_reader.ts";
import { NOT_PLAIN, parseExact, parsePlain } from "./_read_json.ts";
import { MAX_DEPTH } from "./_run.ts";

/** Options for {@link parseJson}. */
export interface ParseJsonOptions {
  /** Deepest nesting of objects and lists, 1 to 1000. @default {64} */
  maxDepth?: number;
}

/**
 * Parses JSON exactly. A number that a JS number would round (`9007199254740993`), or whose literal
 * form matters to a schema (`2.50` as text, `1.0` where an integer is due), comes back as an
 * {@link ExactNumber}; every other number as a number. Duplicate keys: the last wins, as everywhere.
 *
 * Text after the document is an error, and so is nesting deeper than `maxDepth`, before any parser
 * could run out of stack.
 *
 * @throws {ValidationError} With code `json` or `too_deep`; its message names line and column and
 * never repeats the text.
 * @throws {RangeError} If `maxDepth` is out of range.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseJson('{"id":7}'), { id: 7 });
 * assertEquals(String(parseJson("9007199254740993")), "9007199254740993");
 * ```
 */
export function parseJson(text: string, options?: ParseJsonOptions): unknown {
  const maxDepth = options?.maxDepth ?? MAX_DEPTH;
  // The exact reader is recursive: 1000 levels fit any stack.
  if (!(maxDepth >= 1 && maxDepth <= 1000)) {
    throw new RangeError(`Cannot parse JSON: need maxDepth 1 to 1000, got ${maxDepth}`);
  }
  const plain = parsePlain(text, maxDepth);
  return plain === NOT_PLAIN ? parseOrThrow(text, maxDepth) : plain;
}

// Apart from the fast path, which stays small enough for the compiler to inline.
function parseOrThrow(text: string, maxDepth: number): unknown {
  try {
    return parseExact(text, maxDepth);
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    const message = `JSON text is not valid: ${error.message}`;
    const code = error.tooDeep ? "too_deep" : "json";
    throw new ValidationError([{ in: "json", path: "", code, message }], "parse JSON");
  }
}
