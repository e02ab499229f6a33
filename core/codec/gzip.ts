/**
 * Gzip whose output is bounded, so that a small body cannot fill the memory.
 *
 * @module
 */

import { CodecError } from "./errors.ts";

const DEFAULT_MAX_BYTES = 100 * 1024 * 1024;
/**
 * A decompressor inflates all it is given before anyone can count, a thousand times at most. Slices of this
 * size keep that below 4 MiB.
 */
const SLICE_SIZE = 4096;

/** Options for {@link gunzip} and {@link gunzipStream}. */
export interface GunzipOptions {
  /** Most bytes of output, an integer >= 0. @default {104857600} */
  maxBytes?: number;
}

/** Compresses with gzip. */
export async function gzip(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([data]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * Decompresses gzip. Memory stays below `maxBytes` and 4 MiB, whatever the input.
 *
 * @throws {CodecError} If the data is no gzip, or its end is missing (`invalid_argument`), or there would be
 * more than `maxBytes` (`resource_exhausted`, HTTP 413).
 * @throws {RangeError} If `maxBytes` is not an integer >= 0.
 * @example
 * ```ts
 * import { assertEquals, assertRejects } from "@std/assert";
 * import { CodecError } from "./errors.ts";
 * const bomb = await gzip(new Uint8Array(1_000_000));
 * assertEquals(bomb.length < 2_000, true);
 * await assertRejects(() => gunzip(bomb, { maxBytes: 999_999 }), CodecError);
 * assertEquals((await gunzip(bomb, { maxBytes: 1_000_000 })).length, 1_000_000);
 * ```
 */
export async function gunzip(
  data: Uint8Array<ArrayBuffer>,
  options: GunzipOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = ReadableStream.from([data]).pipeThrough(gunzipStream(options));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * A stream that decompresses gzip and fails as {@link gunzip} does once there is more than `maxBytes`.
 *
 * @throws {RangeError} If `maxBytes` is not an integer >= 0.
 */
export function gunzipStream(
  options: GunzipOptions = {},
): ReadableWritablePair<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  const { maxBytes = DEFAULT_MAX_BYTES } = options;
  if (!(Number.isInteger(maxBytes) && maxBytes >= 0)) {
    throw new RangeError(`Cannot gunzip: need an integer maxBytes >= 0, got ${maxBytes}`);
  }
  const input = slicer();
  const inflated = input.readable.pipeThrough(new DecompressionStream("gzip"));
  return { writable: input.writable, readable: ReadableStream.from(bounded(inflated, maxBytes)) };
}

/** Cuts chunks into slices. */
function slicer(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  return new TransformStream({
    transform(chunk, controller) {
      for (let at = 0; at < chunk.length; at += SLICE_SIZE) {
        controller.enqueue(chunk.subarray(at, at + SLICE_SIZE));
      }
    },
  });
}

async function* bounded(
  chunks: ReadableStream<Uint8Array<ArrayBuffer>>,
  maxBytes: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      yield chunk;
    }
  } catch (error) {
    // What the platform throws at bad data; what our own source throws must not be renamed.
    if (!(error instanceof TypeError)) throw error;
    throw new CodecError("Cannot gunzip: the data is no gzip or is cut off", { cause: error });
  }
}

function tooLarge(maxBytes: number): CodecError {
  return new CodecError(`Cannot gunzip: there are more than ${maxBytes} bytes`, {
    code: "resource_exhausted",
    httpStatus: 413,
  });
}
