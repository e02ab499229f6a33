/**
 * A body that cannot be larger than it may.
 *
 * @module
 */

import { BodyTooLargeError } from "../errors.ts";

/**
 * Passes a body through until more than `maxBytes` have come, then fails with {@link BodyTooLargeError} and lets
 * go of the source. What was passed on until then stays within the limit.
 *
 * @param maxBytes Bytes, >= 0.
 * @example
 * ```ts
 * import { assertEquals, assertRejects } from "@std/assert";
 * const body = () => new Blob(["12345"]).stream();
 * assertEquals(await new Response(limitBody(body(), 5)).text(), "12345");
 * await assertRejects(() => new Response(limitBody(body(), 4)).text(), Error, "larger than 4 bytes");
 * ```
 */
export function limitBody(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let received = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      received += chunk.byteLength;
      if (received > maxBytes) throw new BodyTooLargeError(maxBytes);
      controller.enqueue(chunk as Uint8Array<ArrayBuffer>);
    },
  });
  // A rejected pipe is seen by whoever reads the other end.
  body.pipeTo(counter.writable).catch(() => {});
  return counter.readable;
}
