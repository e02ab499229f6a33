/**
 * `zeno api validate`.
 *
 * @module
 */

import type { ApiSpec } from "../api/spec.ts";
import type { Invocation } from "../command.ts";
import { EXIT_FOUND, EXIT_OK } from "../errors.ts";
import { count, reportDiagnostics } from "../report.ts";
import { loadApi } from "./load_api.ts";

/** Checks an `.api` file. Warnings fail it with `--strict` only. */
export async function validateAction(
  { args, flags, json, terminal }: Invocation,
): Promise<number> {
  const { spec, diagnostics, sources } = await loadApi(args[0]!, { compat: flags.on("compat") });
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.length - errors;
  const ok = spec !== undefined && errors === 0 && (warnings === 0 || !flags.on("strict"));
  if (json) terminal.print(JSON.stringify({ ok, diagnostics }, null, 2));
  else {
    reportDiagnostics(diagnostics, sources, terminal);
    const found = `${count(errors, "error")}, ${count(warnings, "warning")}`;
    if (ok) terminal.info(`${args[0]}: ok, ${sizeOf(spec)}${warnings > 0 ? `, ${found}` : ""}`);
    else terminal.error(found);
  }
  return ok ? EXIT_OK : EXIT_FOUND;
}

function sizeOf({ types, groups }: ApiSpec): string {
  const routes = groups.reduce((sum, group) => sum + group.routes.length, 0);
  return `${count(types.length, "type")}, ${count(routes, "route")}`;
}
