/**
 * Headers of the Connect protocol.
 *
 * @module
 */

import { BadRequestError } from "../../../rest/errors.ts";

/**
 * Milliseconds that a caller waits; `undefined` if it has not said.
 *
 * @throws {BadRequestError} If it has said nonsense.
 */
export function connectTimeoutMs(headers: Headers): number | undefined {
  const text = headers.get("connect-timeout-ms");
  if (text === null) return undefined;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new BadRequestError("Cannot read connect-timeout-ms: need 1 to 10 digits");
}
