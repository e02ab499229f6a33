/**
 * Bodies as text, whole and within limits.
 *
 * @module
 */

import type { Context } from "../context.ts";
import { BadRequestError, BodyTooLargeError } from "../errors.ts";
import { limitBody } from "./limit_body.ts";

/**
 * The body as text in UTF-8, empty if there is none.
 *
 * The runtime cannot stop a read: of a client that stalls, some 13 KB stay behind for as long as the process lives, and
 * cancelling a reader leaves five times that. Hence no reader, and hence a hardened listener or a proxy at a public edge.
 *
 * @throws {BodyTooLargeError} If it is larger than `maxBytes`: at once if its declared length says so, else as soon as
 * that much has come.
 * @throws {BadRequestError} If it breaks off.
 * @throws {TypeError} If it was read before.
 */
export async function readText(context: Context, maxBytes: number): Promise<string> {
  const { request } = context;
  if (request.bodyUsed) throw new TypeError("Cannot read body: it was read before");
  const declared = Number(request.headers.get("content-length") ?? NaN);
  if (declared > maxBytes) throw new BodyTooLargeError(maxBytes);
  // A timeout meanwhile is then known to be the client's.
  context.readingBody = true;
  try {
    // The runtime holds the client to a length that was declared.
    if (declared <= maxBytes || !request.body) return await request.text();
    return await new Response(limitBody(request.body, maxBytes)).text();
  } catch (error) {
    // What the platform throws for a body that breaks off.
    if (!(error instanceof TypeError)) throw error;
    throw new BadRequestError("Cannot read body: it is malformed", { cause: error });
  } finally {
    context.readingBody = false;
  }
}
