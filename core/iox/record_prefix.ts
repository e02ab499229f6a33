/** A stream, and what has passed through it. */
export interface RecordedStream {
  /** The source's bytes, unchanged. Read this one in place of the source. */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** The bytes that have been read so far, `maxBytes` of them at most. A copy. */
  prefix(): Uint8Array<ArrayBuffer>;
  /** Whether more has been read than `prefix()` holds. */
  readonly truncated: boolean;
}

/**
 * Keeps a copy of the first bytes that are read from a stream, such as the part of a body that a log
 * line shows. Memory stays bounded however long the stream is, and nothing is read that the reader has
 * not asked for; `ReadableStream.tee()` promises neither.
 *
 * @param maxBytes Most bytes to keep, >= 0; `Infinity` keeps all.
 * @throws {RangeError} If `maxBytes` is negative or not a number.
 * @throws {TypeError} If the source is locked.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const body = ReadableStream.from([new TextEncoder().encode("hello world")]);
 * const recorded = recordPrefix(body, 4);
 * assertEquals(await new Response(recorded.stream).text(), "hello world");
 * assertEquals(new TextDecoder().decode(recorded.prefix()), "hell");
 * ```
 */
export function recordPrefix(
  source: ReadableStream<Uint8Array<ArrayBuffer>>,
  maxBytes: number,
): RecordedStream {
  if (!(maxBytes >= 0)) {
    throw new RangeError(`Cannot record stream: need maxBytes >= 0, got ${maxBytes}`);
  }
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let kept = 0;
  let truncated = false;
  const recorder = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      // Copied before it is handed on, since the reader may write to it or give it away.
      const copy = chunk.slice(0, Math.min(chunk.length, maxBytes - kept));
      if (copy.length > 0) chunks.push(copy);
      kept += copy.length;
      truncated ||= copy.length < chunk.length;
      controller.enqueue(chunk);
    },
  });
  return {
    stream: source.pipeThrough(recorder),
    prefix: () => concatenated(chunks, kept),
    get truncated() {
      return truncated;
    },
  };
}

function concatenated(
  chunks: readonly Uint8Array<ArrayBuffer>[],
  length: number,
): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
