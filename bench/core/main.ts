/**
 * `deno task bench core`: every comparison of this folder, one after the other, and one table of all ratios
 * at the end.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { renderTable, RESULTS_FILE } from "./table.ts";

const NO_COMPARISONS = new Set(["main.ts", "compare.ts", "table.ts"]);

const folder = new URL("./", import.meta.url);
const names = [...Deno.readDirSync(folder)].filter(({ isFile }) => isFile)
  .map(({ name }) => name)
  .filter((name) => name.endsWith(".ts") && !NO_COMPARISONS.has(name)).sort();
const config = fromFileUrl(new URL("../deno.json", folder));
const results = await Deno.makeTempFile({ suffix: ".jsonl" });
const failed: string[] = [];
try {
  for (const [index, name] of names.entries()) {
    console.log(`\n## ${name.replace(/\.ts$/, "")} (${index + 1} of ${names.length})`);
    const { code } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "--config", config, fromFileUrl(new URL(name, folder))],
      env: { [RESULTS_FILE]: results },
      stdin: "null",
    }).spawn().status;
    if (code !== 0) failed.push(name);
  }
  console.log("\n## All ratios\n");
  console.log(renderTable(await Deno.readTextFile(results)));
} finally {
  await Deno.remove(results);
}
if (failed.length > 0) {
  console.error(`\nCannot measure all: ${failed.join(", ")} failed`);
  Deno.exit(1);
}
