/**
 * `deno task check`: everything that can be known without running the product. Stops at the first fault.
 *
 * @module
 */

import config from "../deno.json" with { type: "json" };
import { requirePinnedDeno } from "./version.ts";

requirePinnedDeno("check");

const entrypoints = Object.values(config.exports);
const STEPS: readonly (readonly string[])[] = [
  ["fmt", "--check", "--quiet"],
  ["lint", "--quiet"],
  ["check", "--quiet", "mod.ts", "core", "rest", "cli", "examples", ".ci"],
  // Peers are known to the configuration of the comparisons alone.
  ["check", "--quiet", "--config", "bench/deno.json", "bench"],
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
