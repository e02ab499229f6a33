/**
 * Messages as values.
 *
 * @module
 */

import { parseJson } from "../../core/schema/json.ts";
import { ValidationError } from "../../core/schema/errors.ts";
import type { Schema } from "../../core/schema/field.ts";

/** A message as it comes. */
export type RawMessage = string | Uint8Array<ArrayBuffer>;

/** Makes a value of a message, or says what is wrong with it. */
export type MessageReader<In> = (raw: RawMessage) => { message: In } | { problem: string };

/** Takes messages as they are. */
export function readRaw(message: RawMessage): { message: RawMessage } {
  return { message };
}

/** Takes messages that are JSON and fit `schema`. */
export function readJson<In>(schema: Schema<In>): MessageReader<In> {
  return (raw) => {
    if (typeof raw !== "string") return { problem: "message is not text" };
    try {
      return { message: schema.parse(parseJson(raw)) };
    } catch (error) {
      if (error instanceof ValidationError) return { problem: error.issues[0]!.message };
      throw error;
    }
  };
}
