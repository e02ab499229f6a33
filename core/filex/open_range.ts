import { BLOCK_BYTES, readBlock } from "./_blocks.ts";
import type { ByteRange } from "./split_line_chunks.ts";

/**
 * A stream of a part of a file. The file is open until the stream has been read to its end or
 * cancelled. Where the file ends before `range.end`, the stream ends too.
 *
 * @throws {RangeError} If the range is no range, or begins after the file has ended.
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "hello\nworld");
 * const part = await openRange(path, { start: 5, end: 8 });
 * assertEquals(await new Response(part).text(), "\nwo");
 * await Deno.remove(path);
 * ```
 */
export async function openRange(
  path: string | URL,
  range: ByteRange,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const { start, end } = range;
  if (!Number.isInteger(start) || start < 0 || !(end >= start)) {
    throw new RangeError(`Cannot read range: need 0 <= start <= end, got ${start} and ${end}`);
  }
  const file = await Deno.open(path);
  try {
    const { size } = await file.stat();
    if (start >= size) {
      throw new RangeError(`Cannot read range: it begins at ${start}, the file ends at ${size}`);
    }
  } catch (error) {
    file.close();
    throw error;
  }
  return streamOf(file, start, end);
}

function streamOf(file: Deno.FsFile, start: number, end: number) {
  let at = start;
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const block = await readBlock(file, at, Math.min(BLOCK_BYTES, end - at));
        at += block.length;
        if (block.length > 0) return controller.enqueue(block);
      } catch (error) {
        file.close();
        throw error;
      }
      file.close();
      controller.close();
    },
    cancel: () => file.close(),
  }, { highWaterMark: 0 });
}
