/**
 * `zeno api gen`.
 *
 * @module
 */

import { dirname, relative, resolve } from "@std/path";
import type { Invocation } from "../command.ts";
import type { FlagValues } from "../flags.ts";
import { parseStyle } from "../generate/naming.ts";
import { wiringHint } from "../generate/rest/mcp/wiring.ts";
import type { Int64Mode, RestOptions } from "../generate/rest/options.ts";
import { planRestServer } from "../generate/rest/rest_server.ts";
import { linkFrom } from "../project/framework.ts";
import { carryOut, flagWords } from "./carry_out.ts";
import { loadApi } from "./load_api.ts";

/** Generates a service, or shows what generating it would change. */
export async function genAction(invocation: Invocation): Promise<number> {
  const { args, flags, terminal } = invocation;
  const file = args[0]!;
  const dir = resolve(flags.text("dir") ?? dirname(file));
  const options = optionsOf(file, dir, flags);
  const { spec, diagnostics, sources } = await loadApi(file, { compat: flags.on("compat") });
  const plan = spec === undefined ? undefined : planRestServer(spec, options);
  const outcome = await carryOut({
    dir,
    by: { generator: "api", sources: [options.source] },
    files: plan?.files,
    diagnostics: [...diagnostics, ...plan?.diagnostics ?? []],
    sources,
  }, invocation);
  const hint = outcome.writes ? wiringHint(plan?.files ?? [], outcome.changes) : undefined;
  if (hint !== undefined) terminal.info(hint);
  return outcome.exitCode;
}

/** @throws {UsageError} If the style is none. */
function optionsOf(file: string, dir: string, flags: FlagValues): RestOptions {
  return {
    source: relative(dir, resolve(file)).replaceAll("\\", "/"),
    style: parseStyle(flags.text("style")!, { compat: flags.on("style-compat") }),
    int64: flags.text("int64") as Int64Mode,
    typeGroup: flags.on("type-group"),
    handlers: flags.on("handlers"),
    tests: flags.on("test"),
    flags: flagWords(LASTING_FLAGS, flags),
    link: linkFrom(dir),
  };
}

/** Flags that have to be the same each time a service is generated. */
const LASTING_FLAGS = [
  "compat",
  "style",
  "style-compat",
  "type-group",
  "test",
  "handlers",
  "int64",
];
