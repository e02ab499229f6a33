/**
 * Handing a response to somebody who may read it, or may not.
 *
 * @module
 */

import { declaredLength, guardBody, isBodiless, readBytes } from "./body.ts";
import type { CallTarget } from "./errors.ts";
import type { Connection } from "./exchange.ts";

/** Bodies up to this size are read at once: cheaper than a stream, and the connection is free again. */
const SMALL_BYTES = 65_536;

/**
 * The response as it is given to the caller: a small body is read, a large one is held to `maxBytes` and to the
 * deadline of the call, so that one that nobody reads does not hold its connection for ever.
 */
export async function keepResponse(
  response: Response,
  connection: Connection,
  maxBytes: number,
  target: CallTarget,
): Promise<Response> {
  const { status, statusText, headers } = response;
  if (isBodiless(target.method, response)) {
    response.body?.cancel().catch(() => {});
    return new Response(null, { status, statusText, headers });
  }
  const length = declaredLength(headers);
  if (length !== undefined && length <= Math.min(SMALL_BYTES, maxBytes)) {
    const bytes = await readBytes(response, target);
    return new Response(bytes, { status, statusText, headers });
  }
  connection.hold();
  return guardBody(response, maxBytes, target, (complete) => connection.release(complete));
}

/** Takes a body that nobody wants: a small one is read, so that its connection can be used again. */
export async function drainResponse(response: Response, target: CallTarget): Promise<void> {
  const length = declaredLength(response.headers);
  if (length !== undefined && length <= SMALL_BYTES) await readBytes(response, target);
  else response.body?.cancel().catch(() => {});
}
