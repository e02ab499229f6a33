/**
 * `zeno api gen`.
 *
 * @module
 */

import { dirname, relative, resolve } from "@std/path";
import type { Invocation } from "../command.ts";
import { EXIT_FOUND, EXIT_OK } from "../errors.ts";
import type { FlagValues } from "../flags.ts";
import { parseStyle } from "../generate/naming.ts";
import { wiringHint } from "../generate/rest/mcp/wiring.ts";
import type { Int64Mode, RestOptions } from "../generate/rest/options.ts";
import { planRestServer } from "../generate/rest/rest_server.ts";
import { applyChanges, isDifference, planChanges } from "../generate/writer.ts";
import { linkFrom } from "../project/framework.ts";
import { reportDiagnostics } from "../report.ts";
import { loadApi } from "./load_api.ts";
import { reportChanges } from "./report_changes.ts";

/** Generates a service, or shows what generating it would change. */
export async function genAction(invocation: Invocation): Promise<number> {
  const { args, flags, json, terminal } = invocation;
  const file = args[0]!;
  const dir = resolve(flags.text("dir") ?? dirname(file));
  const options = optionsOf(file, dir, flags);
  const { spec, diagnostics, sources } = await loadApi(file, { compat: flags.on("compat") });
  const plan = spec === undefined ? undefined : planRestServer(spec, options);
  const found = [...diagnostics, ...plan?.diagnostics ?? []];
  if (!json) reportDiagnostics(found, sources, terminal);
  if (plan === undefined || found.some(({ severity }) => severity === "error")) {
    if (json) terminal.print(JSON.stringify({ ok: false, diagnostics: found, files: [] }, null, 2));
    return EXIT_FOUND;
  }
  const prune = flags.on("prune");
  const changes = await planChanges(dir, plan.files, {
    forceOnce: flags.text("force-once"),
    prune,
  });
  const writes = !flags.on("check") && !flags.on("diff") && !flags.on("dry-run");
  if (writes) await applyChanges(dir, changes, { prune });
  const ok = !flags.on("check") || !changes.some(isDifference);
  if (json) {
    const files = changes.map(({ kind, path }) => ({ kind, path }));
    terminal.print(JSON.stringify({ ok, diagnostics: found, files }, null, 2));
  } else {
    reportChanges(changes, { ...invocation, writes, prune });
    const hint = writes ? wiringHint(plan.files, changes) : undefined;
    if (hint !== undefined) terminal.info(hint);
  }
  return ok ? EXIT_OK : EXIT_FOUND;
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
    flags: LASTING_FLAGS.flatMap((name) => flagWords(name, flags)),
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

function flagWords(name: string, flags: FlagValues): string[] {
  if (flags.on(name)) return [`--${name}`];
  const text = flags.text(name);
  return text === undefined || text === "go_zero" || text === "number" ? [] : [`--${name} ${text}`];
}
