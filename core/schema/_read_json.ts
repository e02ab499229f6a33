/**
 * Reading of JSON text with the fastest parser that loses nothing.
 *
 * @module
 */

import { JsonProblem, JsonReader } from "./json_reader.ts";
import { scanJson } from "./_json_scan.ts";
import { MAX_DEPTH } from "./_run.ts";

/** What {@link parsePlain} answers when the platform's parser may not, or cannot, read a text. */
export const NOT_PLAIN: unique symbol = Symbol("zeno.schema.NOT_PLAIN");

/** The value of a JSON text by the platform's parser, where that loses nothing. */
export function parsePlain(text: string, maxDepth: number): unknown {
  if (scanJson(text, maxDepth) !== "plain") return NOT_PLAIN;
  try {
    return JSON.parse(text);
  } catch {
    // The exact reader finds the place, and its message echoes nothing.
    return NOT_PLAIN;
  }
}

/** The value of a JSON text by the exact reader. Throws a {@link JsonProblem}. */
export function parseExact(text: string, maxDepth: number): unknown {
  return new JsonReader(text, { maxDepth }).read();
}

/** The value of a JSON text, or why there is none. Never throws. */
export function readJson(text: string, maxDepth = MAX_DEPTH): { value: unknown } | JsonProblem {
  const plain = parsePlain(text, maxDepth);
  if (plain !== NOT_PLAIN) return { value: plain };
  try {
    return { value: parseExact(text, maxDepth) };
  } catch (error) {
    if (error instanceof JsonProblem) return error;
    throw error;
  }
}
