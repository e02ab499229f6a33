/**
 * `deno task bench core`: every comparison of this folder, one after the other.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";

const folder = new URL("./", import.meta.url);
const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
  .filter((name) => name.endsWith(".ts") && name !== "main.ts" && name !== "compare.ts").sort();
for (const name of names) {
  console.log(`\n## ${name.replace(/\.ts$/, "")}\n`);
  const config = fromFileUrl(new URL("../deno.json", folder));
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--config", config, fromFileUrl(new URL(name, folder))],
    stdin: "null",
  }).spawn().status;
  if (code !== 0) Deno.exit(code);
}
