/**
 * `deno task check`: everything that can be known without running the product. Stops at the first fault.
 *
 * @module
 */

import config from "../deno.json" with { type: "json" };
import { requirePinnedDeno } from "./version.ts";

requirePinnedDeno("check");

function foldersOf(path: string): string[] {
  return [...Deno.readDirSync(path)].filter(({ isDirectory }) => isDirectory)
    .map(({ name }) => name).sort();
}

const entrypoints = Object.values(config.exports);
const parts = foldersOf(".").filter((name) =>
  ["core", "rest", "rpc", "store", "cli"].includes(name)
);
const suites = foldersOf("bench");
const STEPS: readonly (readonly string[])[] = [
  ["fmt", "--check", "--quiet"],
  ["lint", "--quiet"],
  ["check", "--quiet", "mod.ts", ...parts, "examples", ".ci"],
  // Peers are known to the configuration of the comparisons alone, and the types of some do not bear each other.
  ...suites.map((suite) => ["check", "--quiet", "--config", "bench/deno.json", `bench/${suite}`]),
  ["doc", "--lint", "--quiet", ...entrypoints],
  // Nothing is sent; the check for slow types and for files outside the graph is the point.
  ["publish", "--dry-run", "--allow-dirty", "--quiet"],
];

for (const step of STEPS) {
  console.log(`deno ${step.slice(0, 2).join(" ")}`);
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [...step],
    env: { RUST_BACKTRACE: "0" },
    stdin: "null",
  }).spawn().status;
  if (code !== 0) {
    console.error(`deno ${step[0]} found a fault`);
    Deno.exit(1);
  }
}
