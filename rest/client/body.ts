/**
 * Reading bodies that may be too long, break off or never end.
 *
 * @module
 */

import { BadResponseError, type CallTarget, NetworkError } from "./errors.ts";

/** Statuses whose responses never have a body. */
const BODILESS = new Set([204, 205, 304]);

/** Whether there is nothing to read. */
export function isBodiless(method: string, response: Response): boolean {
  return method === "HEAD" || response.body === null || BODILESS.has(response.status);
}

/** The declared length of a body, where the connection holds the callee to it; else `undefined`. */
export function declaredLength(headers: Headers): number | undefined {
  // Of a compressed body the length says nothing about what comes out.
  if (headers.has("content-encoding")) return undefined;
  const text = headers.get("content-length");
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}

/**
 * Reads a whole body.
 *
 * @throws {BadResponseError} As soon as there are more than `maxBytes`; the rest is not read.
 * @throws {NetworkError} If the connection breaks.
 */
export async function readText(
  response: Response,
  maxBytes: number,
  target: CallTarget,
): Promise<string> {
  const length = declaredLength(response.headers);
  // Several times as fast as reading it bit by bit.
  if (length !== undefined && length <= maxBytes) {
    return await response.text().catch((error) => Promise.reject(brokenBody(error, target)));
  }
  if (length !== undefined) {
    response.body?.cancel().catch(() => {});
    throw tooLarge(maxBytes, target);
  }
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of limited(response, maxBytes, target)) {
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Reads a body of a length that was found to be fine. */
export function readBytes(response: Response, target: CallTarget): Promise<ArrayBuffer> {
  return response.arrayBuffer().catch((error) => Promise.reject(brokenBody(error, target)));
}

/** As {@link readText}, but cuts what is too long instead of throwing. For the bodies of errors. */
export async function readHead(
  response: Response,
  maxBytes: number,
  target: CallTarget,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let left = maxBytes;
  for await (const chunk of limited(response, Infinity, target)) {
    text += decoder.decode(chunk.subarray(0, left), { stream: true });
    left -= chunk.byteLength;
    if (left <= 0) break;
  }
  return text;
}

/** The chunks of a body, with the errors of this project. Leaving it early frees the connection. */
export async function* limited(
  response: Response,
  maxBytes: number,
  target: CallTarget,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (!response.body) return;
  const reader = response.body.getReader();
  let received = 0;
  let done = false;
  try {
    for (;;) {
      const step = await reader.read();
      if (step.done) break;
      received += step.value.byteLength;
      if (received > maxBytes) throw tooLarge(maxBytes, target);
      yield step.value;
    }
    done = true;
  } catch (error) {
    throw brokenBody(error, target);
  } finally {
    if (!done) reader.cancel().catch(() => {});
  }
}

/**
 * The response with a body that is held to `maxBytes`, and that calls `onEnd` once it has been read, has failed
 * or has been given up.
 */
export function guardBody(
  response: Response,
  maxBytes: number,
  target: CallTarget,
  onEnd: (complete: boolean) => void,
): Response {
  const chunks = limited(response, maxBytes, target);
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { done, value } = await chunks.next();
        if (!done) return controller.enqueue(value);
        onEnd(true);
        controller.close();
      } catch (error) {
        onEnd(false);
        controller.error(error);
      }
    },
    cancel() {
      onEnd(false);
      // Whichever of the two holds the body by now; neither is waited for.
      chunks.return(undefined).catch(() => {});
      response.body?.cancel().catch(() => {});
    },
  }, { highWaterMark: 0 }); // Reads nothing that nobody has asked for.
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
}

function tooLarge(maxBytes: number, target: CallTarget): BadResponseError {
  return new BadResponseError(target, `its answer is larger than ${maxBytes} bytes`);
}

/** What the platform throws for a connection that breaks in the middle of a body is a TypeError. */
function brokenBody(error: unknown, target: CallTarget): unknown {
  return error instanceof TypeError
    ? new NetworkError(target, "the connection broke in the middle of the answer")
    : error;
}
