/**
 * Whole bodies. How large they may be the chain sees to.
 *
 * @module
 */

import type { Context } from "../../../rest/context.ts";
import { BadRequestError } from "../../../rest/errors.ts";

/**
 * The body of a request.
 *
 * @throws {BodyTooLargeError} If it is larger than the route takes.
 * @throws {BadRequestError} If it breaks off.
 */
export async function readBody(context: Context): Promise<Uint8Array> {
  // A timeout meanwhile is then known to be the client's.
  context.readingBody = true;
  try {
    return await context.request.bytes();
  } catch (error) {
    // What the platform throws for a body that breaks off.
    if (!(error instanceof TypeError)) throw error;
    throw new BadRequestError("Cannot read body: it is malformed", { cause: error });
  } finally {
    context.readingBody = false;
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Bytes as text.
 *
 * @throws {BadRequestError} If they are not UTF-8.
 */
export function textOf(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    throw new BadRequestError("Cannot read body: it is not UTF-8", { cause: error });
  }
}
