/**
 * Decompression that a hostile body cannot turn against its reader.
 *
 * @module
 */

import { BadRequestError, BodyTooLargeError } from "../errors.ts";
import { ServiceError } from "../../core/errors.ts";

/** Limits of {@link inflate}. */
export interface InflateLimits {
  /** Largest result in bytes; may be Infinity. */
  readonly maxBytes: number;
  /** Largest ratio of inflated to compressed bytes, once {@link RATIO_FLOOR} bytes have come out. */
  readonly maxRatio: number;
}

/** Bytes of result up to which any ratio is fine. */
export const RATIO_FLOOR = 1024 * 1024;

/** No more than this many bytes come out of one byte of deflate; the format does not allow it. */
const MAX_EXPANSION = 1032;

const MIN_SLICE = 64;
/** 4 MiB at a time at most, even where nothing else sets a limit; larger slices gain a tenth in speed. */
const MAX_SLICE = 4 * 1024;

/**
 * Inflates `body` and fails as soon as the result breaks a limit.
 *
 * The platform inflates each chunk it is given in one go, however much that is, before anybody sees a byte. So it is
 * given slices that cannot inflate to much more than what may still come.
 *
 * The stream fails with {@link BodyTooLargeError} for a limit and {@link BadRequestError} for a corrupted body.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const packed = new Blob(["hello"]).stream().pipeThrough(new CompressionStream("gzip"));
 * const body = inflate(packed, "gzip", { maxBytes: 1024, maxRatio: 200 });
 * assertEquals(await new Response(body).text(), "hello");
 * ```
 */
export function inflate(
  body: ReadableStream<Uint8Array>,
  format: CompressionFormat,
  limits: InflateLimits,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const inflation = new Inflation(body, format, limits);
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => inflation.pull(controller),
    cancel: (reason) => inflation.cancel(reason),
  }, { highWaterMark: 0 });
}

class Inflation {
  readonly #source: ReadableStreamDefaultReader<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<BufferSource>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  readonly #limits: InflateLimits;
  #packed = 0;
  #inflated = 0;
  #feeding = false;

  constructor(
    body: ReadableStream<Uint8Array>,
    format: CompressionFormat,
    limits: InflateLimits,
  ) {
    const { readable, writable } = new DecompressionStream(format);
    this.#source = body.getReader();
    this.#writer = writable.getWriter();
    this.#reader = readable.getReader();
    this.#limits = limits;
    this.#writer.closed.catch(() => {}); // The reader's end says the same.
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>): Promise<void> {
    if (!this.#feeding) {
      this.#feeding = true;
      this.#feed();
    }
    try {
      const { done, value } = await this.#reader.read();
      if (done) return controller.close();
      this.#inflated += value.byteLength;
      this.#check();
      controller.enqueue(value);
    } catch (error) {
      const reason = explained(error);
      this.cancel(reason);
      controller.error(reason);
    }
  }

  cancel(reason: unknown): void {
    this.#writer.abort(reason).catch(() => {});
    this.#reader.cancel(reason).catch(() => {});
    this.#source.cancel(reason).catch(() => {});
  }

  /** Moves the body into the decompressor, slice by slice, as fast as its result is read. */
  async #feed(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#source.read();
        if (done) return await this.#writer.close();
        for (let from = 0; from < value.byteLength;) {
          await this.#writer.ready;
          const slice = value.subarray(from, from + this.#sliceBytes());
          from += slice.byteLength;
          this.#packed += slice.byteLength;
          await this.#writer.write(slice as Uint8Array<ArrayBuffer>);
        }
      }
    } catch (error) {
      this.#writer.abort(error).catch(() => {});
      this.#source.cancel(error).catch(() => {});
    }
  }

  #sliceBytes(): number {
    const remaining = Math.max(0, this.#limits.maxBytes - this.#inflated);
    return Math.max(MIN_SLICE, Math.min(MAX_SLICE, Math.floor(remaining / MAX_EXPANSION)));
  }

  #check(): void {
    const { maxBytes, maxRatio } = this.#limits;
    if (this.#inflated > maxBytes) throw new BodyTooLargeError(maxBytes);
    if (this.#inflated > RATIO_FLOOR && this.#inflated > maxRatio * this.#packed) {
      throw new BodyTooLargeError(Math.max(RATIO_FLOOR, Math.floor(maxRatio * this.#packed)));
    }
  }
}

/** The platform says `TypeError` for a body that is corrupted or breaks off. */
function explained(error: unknown): unknown {
  if (error instanceof ServiceError || !(error instanceof TypeError)) return error;
  return new BadRequestError("Cannot read body: its compression is corrupted", { cause: error });
}
