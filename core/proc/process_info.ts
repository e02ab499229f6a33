// Not @std/path: loading it takes as long as starting the runtime does.
import { basename, extname } from "node:path";

/** The number the operating system knows this process by. */
export function processId(): number {
  return Deno.pid;
}

/**
 * What this process is called: the base name of its binary, or of its main module when `deno` runs
 * it, without extension.
 */
export function processName(): string {
  return nameOf(Deno.build.standalone ? Deno.execPath() : Deno.mainModule);
}

/**
 * The base name of a path or address, without query and extension.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(nameOf("file:///srv/app/greet.ts?v=1"), "greet");
 * ```
 */
export function nameOf(path: string): string {
  const file = basename(path.replace(/[?#].*$/, ""));
  return basename(file, extname(file));
}
