/**
 * A limit on what a client can make the service read.
 *
 * @module
 */

import { BodyTooLargeError } from "../errors.ts";
import type { Middleware } from "../handler.ts";
import { limitBody } from "../request/limit_body.ts";

const TAKES_BODY = new Set(["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/**
 * Refuses a request body of more than `maxBytes` with 413: at once if its declared length says so, else as
 * soon as that much has come, so a chunked body cannot slip through.
 *
 * Where the length is declared the runtime holds the client to it, and the request passes untouched.
 */
export function maxBytes(maxBytes: number): Middleware {
  if (!(Number.isInteger(maxBytes) && maxBytes > 0)) {
    throw new RangeError(`Cannot limit body: need an integer maxBytes > 0, got ${maxBytes}`);
  }
  return (next) => (request, context) => {
    // For the others `Request.body` is always null, or nobody can have a route.
    if (!TAKES_BODY.has(request.method)) return next(request, context);
    const declared = request.headers.get("content-length");
    if (declared === null) return next(limited(request, maxBytes), context);
    if (Number(declared) <= maxBytes) return next(request, context);
    throw new BodyTooLargeError(maxBytes);
  };
}

function limited(request: Request, maxBytes: number): Request {
  if (!request.body) return request;
  // Not `new Request(request, ...)`: that copies the signal, which costs more than all the rest.
  const { url, method, headers } = request;
  return new Request(url, { method, headers, body: limitBody(request.body, maxBytes) });
}
