/** Reads `length` bytes of a file from `at` on; fewer only where the file ends. */
export async function readBlock(
  file: Deno.FsFile,
  at: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const block = new Uint8Array(length);
  await file.seek(at, Deno.SeekMode.Start);
  let filled = 0;
  while (filled < length) {
    const count = await file.read(block.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return block.subarray(0, filled);
}

/** Bytes read at once. */
export const BLOCK_BYTES = 64 * 1024;

/** The byte that ends a line. */
export const LF = 10;

/** The byte that may stand before it. */
export const CR = 13;
