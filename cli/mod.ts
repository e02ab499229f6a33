/**
 * The `zeno` command, to be run from a program.
 *
 * @example
 * ```ts
 * import { main } from "@zeno/zeno/cli";
 * const exitCode = await main(["--version"]);
 * ```
 *
 * @module
 */

import { main } from "./main.ts";

export { main };
export type { Terminal } from "./terminal.ts";

// `deno run -A jsr:@zeno/zeno/cli` runs this file.
if (import.meta.main) Deno.exit(await main(Deno.args));
