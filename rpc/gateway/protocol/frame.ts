/**
 * Messages with a byte of flags and a length before them: what gRPC, gRPC-Web and the streams of Connect have in common.
 *
 * @module
 */

import { BadRequestError, BodyTooLargeError } from "../../../rest/errors.ts";

/** One frame. */
export interface Frame {
  /** What is in it: bit 0 compressed, bit 1 the end of a stream of Connect, bit 7 trailers of gRPC-Web. */
  readonly flags: number;
  /** What it carries. */
  readonly payload: Uint8Array;
}

const HEAD_BYTES = 5;

/** A frame as it is sent. */
export function frameBytes(flags: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEAD_BYTES + payload.length);
  bytes[0] = flags;
  new DataView(bytes.buffer).setUint32(1, payload.length);
  bytes.set(payload, HEAD_BYTES);
  return bytes;
}

/** Takes bytes as they come and gives whole frames. */
export class FrameReader {
  readonly #maxBytes: number;
  #bytes: Uint8Array = new Uint8Array();
  #from = 0;
  #to = 0;

  /** Makes a reader of frames that carry no more than `maxBytes`. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Takes bytes. */
  push(chunk: Uint8Array): void {
    const kept = this.#to - this.#from;
    if (this.#to + chunk.length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(kept + chunk.length, 2 * kept));
      grown.set(this.#bytes.subarray(this.#from, this.#to));
      this.#bytes = grown;
      this.#from = 0;
      this.#to = kept;
    }
    this.#bytes.set(chunk, this.#to);
    this.#to += chunk.length;
  }

  /**
   * The next frame; `undefined` if it has not come yet.
   *
   * @throws {BodyTooLargeError} If it says that it is larger than it may be.
   */
  next(): Frame | undefined {
    const have = this.#to - this.#from;
    if (have < HEAD_BYTES) return undefined;
    const { buffer, byteOffset } = this.#bytes;
    const length = new DataView(buffer, byteOffset + this.#from).getUint32(1);
    if (length > this.#maxBytes) throw new BodyTooLargeError(this.#maxBytes);
    if (have < HEAD_BYTES + length) return undefined;
    const flags = this.#bytes[this.#from]!;
    const begin = this.#from + HEAD_BYTES;
    this.#from = begin + length;
    // A copy: messages may keep views of what they were read from.
    return { flags, payload: this.#bytes.slice(begin, this.#from) };
  }

  /**
   * Says that no more will come.
   *
   * @throws {BadRequestError} If a frame is cut short.
   */
  end(): void {
    if (this.#to > this.#from) throw new BadRequestError("Cannot read message: it is cut short");
  }
}

/** The frames in bytes that are all there. */
export function framesIn(bytes: Uint8Array, maxBytes: number): Frame[] {
  const reader = new FrameReader(maxBytes);
  reader.push(bytes);
  const frames: Frame[] = [];
  for (let frame = reader.next(); frame; frame = reader.next()) frames.push(frame);
  reader.end();
  return frames;
}

/** The frames in a body as they come. */
export async function* framesOf(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Frame> {
  const reader = new FrameReader(maxBytes);
  for await (const chunk of body) {
    reader.push(chunk);
    for (let frame = reader.next(); frame; frame = reader.next()) yield frame;
  }
  reader.end();
}
