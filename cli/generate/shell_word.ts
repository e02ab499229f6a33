/**
 * Words of a command line.
 *
 * @module
 */

/**
 * A word as the shell of `deno task` takes it: in quotes if it has to be.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(["a.proto", "my $x"].map(shellWord), ["a.proto", "'my $x'"]);
 * ```
 */
export function shellWord(text: string): string {
  if (/^[\w./:@%+=,-]+$/.test(text)) return text;
  // Within single quotes nothing has a meaning, and they have no escape.
  return text.split("'").map((part) => `'${part}'`).join(`"'"`);
}
