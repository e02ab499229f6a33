/**
 * `zeno env`.
 *
 * @module
 */

import type { Invocation } from "../command.ts";
import { EXIT_OK } from "../errors.ts";
import { environment } from "../project/environment.ts";

/** Tells what is found on this machine. */
export function envAction({ json, terminal }: Invocation): number {
  const found = environment();
  if (json) {
    terminal.print(JSON.stringify(found, null, 2));
    return EXIT_OK;
  }
  const { zeno, deno, support, os, programs } = found;
  const from = zeno.folder === undefined ? zeno.origin : `${zeno.origin} in ${zeno.folder}`;
  const rows: [string, string][] = [
    ["zeno", `${zeno.version}, from ${from}`],
    ["deno", `${deno.version} (${support.supported ? "" : "NOT SUPPORTED: "}${support.note})`],
    ["v8", deno.v8],
    ["typescript", deno.typescript],
    ["system", `${os.name} ${os.arch}, ${os.cpus} CPUs`],
    ...Object.entries(programs).map((
      [name, path],
    ): [string, string] => [name, path ?? "not found"]),
  ];
  for (const [name, text] of rows) terminal.print(`${name.padEnd(14)}${text}`);
  return EXIT_OK;
}
