/**
 * Text files by lines: the first and the last, how many, and parts of whole lines for several readers.
 *
 * What the platform has is not here: a whole text is `Deno.readTextFile(path)`, a temporary file
 * `Deno.makeTempFile()`, one line after the other `TextLineStream` of `@std/streams`, a digest of a
 * file `crypto.subtle.digest`, and exactly `n` bytes of a stream
 * `stream.getReader({ mode: "byob" }).read(view, { min: n })`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openRange, splitLineChunks } from "@zeno/zeno/core/filex";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "one\ntwo\nthree\nfour\n");
 * const parts = await Promise.all((await splitLineChunks(path, 2)).map(async (range) => {
 *   const part = await openRange(path, range);
 *   return await new Response(part).text();
 * }));
 * assertEquals(parts, ["one\ntwo\nthree\n", "four\n"]);
 * await Deno.remove(path);
 * ```
 *
 * @module
 */

export { countLines } from "./count_lines.ts";
export { firstLine } from "./first_line.ts";
export { lastLine } from "./last_line.ts";
export { openRange } from "./open_range.ts";
export { readTextLines, type ReadTextLinesOptions } from "./read_text_lines.ts";
export { type ByteRange, splitLineChunks } from "./split_line_chunks.ts";
