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

export { main } from "./main.ts";
export type { Terminal } from "./terminal.ts";
