/**
 * `deno task bench [SUITE ...]`: comparisons with the bare runtime and with peers.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";

const SUITES: Readonly<Record<string, string>> = {
  core: "core/main.ts",
  rest: "rest/main.ts",
  latency: "rest/latency.ts",
  memory: "rest/memory.ts",
  overload: "rest/overload.ts",
  workers: "rest/workers.ts",
  rpc: "rpc/main.ts",
  start: "start/main.ts",
};

const wanted = Deno.args.length > 0 ? Deno.args : Object.keys(SUITES);
const unknown = wanted.filter((name) => !(name in SUITES));
if (unknown.length > 0) {
  console.error(
    `Cannot run ${unknown.join(", ")}: the suites are ${Object.keys(SUITES).join(", ")}`,
  );
  Deno.exit(2);
}
for (const name of wanted) {
  const { code } = await new Deno.Command(Deno.execPath(), {
    // Peers are resolved by the configuration of this folder, never by the product's.
    args: [
      "run",
      "-A",
      "--quiet",
      "--config",
      fromFileUrl(new URL("deno.json", import.meta.url)),
      fromFileUrl(new URL(SUITES[name]!, import.meta.url)),
    ],
    stdin: "null",
  }).spawn().status;
  if (code !== 0) Deno.exit(code);
}
