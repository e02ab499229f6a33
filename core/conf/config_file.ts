/**
 * Which configuration file a program was told to read.
 *
 * @module
 */

import { ConfigError } from "./errors.ts";

/**
 * The file named by `-f FILE`, `--file FILE` or `--file=FILE`, else `fallback`.
 *
 * @param fallback Path of the file when the command line names none.
 * @param args The command line. `Deno.args` by default.
 * @throws {ConfigError} If the command line says anything else.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(configFile("etc/greet.yaml", []), "etc/greet.yaml");
 * assertEquals(configFile("etc/greet.yaml", ["-f", "etc/test.yaml"]), "etc/test.yaml");
 * ```
 */
export function configFile(fallback: string, args: readonly string[] = Deno.args): string {
  const [first, second] = args;
  if (first === undefined) return fallback;
  const joined = /^--?(?:f|file)=(.+)$/.exec(first)?.[1];
  if (joined !== undefined && args.length === 1) return joined;
  if (/^--?(?:f|file)$/.test(first) && second !== undefined && args.length === 2) return second;
  throw new ConfigError(
    `Cannot start: unexpected arguments ${args.join(" ")}; use -f FILE, or nothing for ${fallback}`,
  );
}
