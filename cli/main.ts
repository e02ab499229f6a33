/**
 * The `zeno` command.
 *
 * ```sh
 * deno run -A jsr:@zeno/zeno/cli new greet
 * ```
 *
 * @module
 */

import { runCommand } from "./command.ts";
import { ROOT } from "./commands.ts";
import { EXIT_OK } from "./errors.ts";
import { systemTerminal, type Terminal } from "./terminal.ts";
import { VERSION } from "./version.ts";

/**
 * Runs a command line.
 *
 * @param words What stands behind `zeno`.
 * @returns The exit code: 0 ok, 1 diagnostics or a difference, 2 usage, 3 I/O.
 */
export async function main(
  words: readonly string[],
  terminal: Terminal = systemTerminal(),
): Promise<number> {
  if (/^--?v(ersion)?$/.test(words[0] ?? "")) {
    terminal.print(
      words.includes("--json") ? JSON.stringify({ version: VERSION }) : `zeno ${VERSION}`,
    );
    return EXIT_OK;
  }
  return await runCommand(ROOT, words, terminal);
}

if (import.meta.main) Deno.exit(await main(Deno.args));
