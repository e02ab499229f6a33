/** Options for {@link readTextLines}. */
export interface ReadTextLinesOptions {
  /** Whether white space around each line stays. @default {false} */
  keepSpace?: boolean | undefined;
  /** Whether lines with nothing in them are left out. @default {false} */
  withoutBlank?: boolean | undefined;
  /** Lines that begin with this are left out, such as comments with `#`. @default {none} */
  omitPrefix?: string | undefined;
}

/**
 * The lines of a short text file, such as a list of hosts or words. With `keepSpace`, a line of blanks
 * is not empty, and an indented comment does not begin with its prefix.
 *
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "a.example\n\n  # down\n  b.example\n");
 * const hosts = await readTextLines(path, { withoutBlank: true, omitPrefix: "#" });
 * assertEquals(hosts, ["a.example", "b.example"]);
 * await Deno.remove(path);
 * ```
 */
export async function readTextLines(
  path: string | URL,
  options: ReadTextLinesOptions = {},
): Promise<string[]> {
  const { keepSpace = false, withoutBlank = false, omitPrefix } = options;
  const text = await Deno.readTextFile(path);
  // A line feed at the very end ends the last line and begins none.
  const lines = text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/);
  return lines
    .map((line) => keepSpace ? line : line.trim())
    .filter((line) => !(withoutBlank && line === ""))
    .filter((line) => !(omitPrefix && line.startsWith(omitPrefix)));
}
