/**
 * The first bytes of a body, kept while somebody else reads it.
 *
 * @module
 */

/** Most bytes that are kept. */
export const KEPT_BYTES = 4096;

/** The first {@link KEPT_BYTES} of a body. */
export class BodyHead {
  #text = "";
  #chunks: Uint8Array[] = [];
  #size = 0;

  /** Takes a whole body that was read as text. A short one is kept as it is, which costs nothing. */
  setText(text: string): void {
    this.#text = text.length <= KEPT_BYTES ? text : shortened(text);
  }

  /** Takes the next bytes. */
  add(chunk: Uint8Array): void {
    const room = KEPT_BYTES - this.#size;
    if (room <= 0) return;
    const kept = chunk.slice(0, room); // A copy: the chunk belongs to its reader, and may be large.
    this.#chunks.push(kept);
    this.#size += kept.byteLength;
  }

  /** At most `maxBytes` of it as text in UTF-8; a character that is cut in two is left out. */
  toText(maxBytes: number = KEPT_BYTES): string {
    if (this.#size === 0) return shortened(this.#text, maxBytes);
    const decoder = new TextDecoder();
    let [text, left] = ["", maxBytes];
    for (const chunk of this.#chunks) {
      text += decoder.decode(chunk.subarray(0, left), { stream: true });
      left -= Math.min(left, chunk.byteLength);
    }
    return text;
  }
}

const encoder = new TextEncoder();

/** A copy, for a part of a text would keep all of it in memory. */
function shortened(text: string, maxBytes: number = KEPT_BYTES): string {
  const bytes = new Uint8Array(maxBytes);
  const { written } = encoder.encodeInto(text, bytes);
  return new TextDecoder().decode(bytes.subarray(0, written));
}

/** Passes a body on, piece by piece as it is asked for, and keeps its head. */
export function passThrough(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  head: BodyHead,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let source: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined;
  // Until somebody reads, the body can still be read in another way.
  const reader = () => source ??= body.getReader();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader().read();
      if (done) return controller.close();
      head.add(value);
      controller.enqueue(value);
    },
    cancel: (reason) => reader().cancel(reason),
  }, { highWaterMark: 0 });
}
