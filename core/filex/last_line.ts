import { BLOCK_BYTES, LF, readBlock } from "./_blocks.ts";

/**
 * The last line of a text file in UTF-8, where one line feed at the very end does not count; an empty
 * text if the file is empty. Read from the end, so a long file costs no more than a short one.
 *
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "first\nlast\n");
 * assertEquals(await lastLine(path), "last");
 * await Deno.remove(path);
 * ```
 */
export async function lastLine(path: string | URL): Promise<string> {
  using file = await Deno.open(path);
  let { size: end } = await file.stat();
  if (end > 0 && (await readBlock(file, end - 1, 1))[0] === LF) end--;
  const blocks: Uint8Array<ArrayBuffer>[] = [];
  for (let at = end; at > 0;) {
    const from = Math.max(0, at - BLOCK_BYTES);
    const block = await readBlock(file, from, at - from);
    const start = block.lastIndexOf(LF);
    blocks.unshift(block.subarray(start + 1));
    if (start >= 0) break;
    at = from;
  }
  return await new Blob(blocks).text();
}
