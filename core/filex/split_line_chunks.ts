import { BLOCK_BYTES, CR, LF, readBlock } from "./_blocks.ts";

/** A part of a file: bytes from `start` on, up to and without `end`. */
export interface ByteRange {
  /** Offset of the first byte. */
  readonly start: number;
  /** Offset after the last byte. */
  readonly end: number;
}

/**
 * Cuts a text file into at most `count` parts of about the same size, each of whole lines, so that
 * several workers can read one file. Together they are the file; an empty one has none.
 *
 * @param count Parts wanted, an integer >= 1. Long lines make them fewer.
 * @throws {RangeError} If `count` is no integer >= 1.
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "aaa\n\n\nbbb\nccc\n");
 * assertEquals(await splitLineChunks(path, 3), [{ start: 0, end: 6 }, { start: 6, end: 14 }]);
 * await Deno.remove(path);
 * ```
 */
export async function splitLineChunks(path: string | URL, count: number): Promise<ByteRange[]> {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`Cannot split file: need an integer count >= 1, got ${count}`);
  }
  using file = await Deno.open(path);
  const { size } = await file.stat();
  const wantedBytes = count === 1 ? size : Math.trunc(size / count) + 1;
  const ranges: ByteRange[] = [];
  for (let start = 0; start < size;) {
    const end = await lineEnd(file, start + wantedBytes, size);
    ranges.push({ start, end });
    start = end;
  }
  return ranges;
}

/** Where the line that `from` is in has ended, the empty lines after it included. */
async function lineEnd(file: Deno.FsFile, from: number, size: number): Promise<number> {
  let inLine = true;
  for (let at = from; at < size; at += BLOCK_BYTES) {
    const block = await readBlock(file, at, BLOCK_BYTES);
    for (let i = 0; i < block.length; i++) {
      const isEnd = block[i] === LF || block[i] === CR;
      if (isEnd) inLine = false;
      else if (!inLine) return at + i;
    }
  }
  return size;
}
