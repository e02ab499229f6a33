/**
 * Messages that come compressed.
 *
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";
import type { Context } from "../../../rest/context.ts";
import { inflate } from "../../../rest/request/inflate.ts";
import type { Frame } from "./frame.ts";

/** As with whole bodies; see `gunzip` of `rest`. */
const MAX_RATIO = 200;

/**
 * A message as it was before it was compressed.
 *
 * @param encoding What the client says of it: `gzip`, or `identity` and nothing for none.
 * @throws {ServiceError} `unimplemented` if it is compressed in another way, `invalid_argument` if it is corrupted.
 * @throws {BodyTooLargeError} If it is larger than the route takes.
 */
export async function decompressed(
  bytes: Uint8Array,
  encoding: string | null,
  { settings }: Context,
): Promise<Uint8Array> {
  if (!encoding || encoding === "identity") return bytes;
  if (encoding !== "gzip") {
    throw new ServiceError(
      "unimplemented",
      "Cannot read message: send it with gzip, or without compression",
    );
  }
  const limits = { maxBytes: settings.maxBytes || Infinity, maxRatio: MAX_RATIO };
  const body = ReadableStream.from([bytes]);
  return await new Response(inflate(body, "gzip", limits)).bytes();
}

/**
 * What a frame carries.
 *
 * @param encoding How those frames are compressed that say they are.
 * @throws {ServiceError} As {@link decompressed}; `unimplemented` too if the frame says that it is compressed and the client does
 * not say how.
 */
export function payloadOf(
  { flags, payload }: Frame,
  encoding: string | null,
  context: Context,
): Uint8Array | Promise<Uint8Array> {
  return (flags & 1) === 0 ? payload : decompressed(payload, encoding || "nothing", context);
}
