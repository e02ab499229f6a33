import { BLOCK_BYTES, LF, readBlock } from "./_blocks.ts";

/**
 * The first line of a text file in UTF-8, without its line feed; the whole text if there is none, and
 * an empty text if the file is empty. A carriage return before the line feed stays. No more is read
 * than the line needs, up to a block.
 *
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "first\nsecond\n");
 * assertEquals(await firstLine(path), "first");
 * await Deno.remove(path);
 * ```
 */
export async function firstLine(path: string | URL): Promise<string> {
  using file = await Deno.open(path);
  const decoder = new TextDecoder();
  let text = "";
  for (let at = 0;; at += BLOCK_BYTES) {
    const block = await readBlock(file, at, BLOCK_BYTES);
    const end = block.indexOf(LF);
    if (end >= 0) return text + decoder.decode(block.subarray(0, end));
    text += decoder.decode(block, { stream: block.length === BLOCK_BYTES });
    if (block.length < BLOCK_BYTES) return text;
  }
}
