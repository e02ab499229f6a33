/**
 * Base64 with errors that name what they are of.
 *
 * @module
 */

import { CodecError } from "./errors.ts";

/**
 * Decodes padded base64 of the standard alphabet.
 *
 * @param what What the text is, for the message, such as `"key"`.
 * @throws {CodecError} If the text is no such base64.
 */
export function decodeBase64(text: string, what = "data"): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.fromBase64(text, { lastChunkHandling: "strict" });
  } catch (cause) {
    throw new CodecError(`Cannot decode ${what}: it is not base64`, { cause });
  }
}
