import { LF } from "./_blocks.ts";

/**
 * How many lines a text file has. What stands after the last line feed is a line as well, unless it is
 * nothing.
 *
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "1\n2\n3");
 * assertEquals(await countLines(path), 3);
 * await Deno.remove(path);
 * ```
 */
export async function countLines(path: string | URL): Promise<number> {
  using file = await Deno.open(path);
  let lines = 0;
  let last = LF;
  for await (const chunk of file.readable) {
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) lines++;
    last = chunk.at(-1) ?? last;
  }
  return last === LF ? lines : lines + 1;
}
