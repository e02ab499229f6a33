/**
 * A whole body, but not more than so much of it.
 *
 * @module
 */

import type { Context } from "../context.ts";
import { BadRequestError, BodyTooLargeError } from "../errors.ts";

const NOTHING: Uint8Array<ArrayBuffer> = new Uint8Array(0);

/**
 * Reads the body of a request, or of an answer.
 *
 * @throws {BodyTooLargeError} If it is longer than `maxBytes`: at once if its declared length says so, else as soon as
 * that much has come. Rejects with it.
 */
export async function readCapped(
  message: Request | Response,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!message.body) return NOTHING;
  if (Number(message.headers.get("content-length") ?? 0) > maxBytes) {
    throw new BodyTooLargeError(maxBytes);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of message.body) {
    length += chunk.length;
    if (length > maxBytes) throw new BodyTooLargeError(maxBytes);
    chunks.push(chunk);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

/** Largest body of a route that has no limit of its own, in bytes: what is hashed must be held. */
const MAX_BYTES = 1_048_576;

/** The largest body that is read for a request: what was asked for, else the limit of its route. */
export function bodyLimit(maxBytes: number | undefined, context: Context): number {
  return maxBytes ?? (context.settings.maxBytes || MAX_BYTES);
}

/** Throws unless `bytes` can be a limit. */
export function checkBytes(name: string, bytes: number | undefined): void {
  if (bytes === undefined || Number.isInteger(bytes) && bytes >= 1) return;
  throw new RangeError(`Cannot check signatures: need an integer ${name} >= 1, got ${bytes}`);
}

/** {@link readCapped} for the body of the request in hand: a timeout meanwhile is known to be the client's. */
export async function readRequestBody(
  request: Request,
  context: Context,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!request.body) return NOTHING;
  context.readingBody = true;
  try {
    return await readCapped(request, maxBytes);
  } catch (error) {
    // What the platform throws for a body that breaks off.
    if (!(error instanceof TypeError)) throw error;
    throw new BadRequestError("Cannot read body: it is malformed", { cause: error });
  } finally {
    context.readingBody = false;
  }
}

/** The request again, with this body, which may be another than it had. */
export function withBody(request: Request, body: Uint8Array<ArrayBuffer>): Request {
  const { url, method } = request;
  if (body.length === 0 && !request.body) return request;
  const headers = new Headers(request.headers);
  if (headers.has("content-length")) headers.set("content-length", String(body.length));
  // Not `new Request(request, ...)`: that copies the signal, which costs more than all the rest.
  return new Request(url, { method, headers, body });
}
