/**
 * Bodies in base64, which may be of several pieces with padding at the end of each.
 *
 * @module
 */

import { BadRequestError } from "../../../rest/errors.ts";
import { base64ToBytes } from "../../proto/base64.ts";
import { textOf } from "../call/read_body.ts";

/**
 * The bytes that a body says.
 *
 * @throws {BadRequestError} If it is not base64.
 */
export function bytesOfBase64(body: Uint8Array): Uint8Array {
  const text = textOf(body).trim();
  // Padding ends a piece, and another may follow.
  const pieces = text.match(/[^=]+={0,2}|=+/g) ?? [];
  try {
    const parts = pieces.map(base64ToBytes);
    const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  } catch (error) {
    throw new BadRequestError("Cannot read body: it is not base64", { cause: error });
  }
}
