/**
 * Plans the files of a REST service.
 *
 * @module
 */

import { type Diagnostic, hasErrors } from "../../api/diagnostic.ts";
import type { ApiSpec } from "../../api/spec.ts";
import type { TextFile } from "../generated_file.ts";
import { checkModel, checkPaths } from "./check.ts";
import { configFiles } from "./config_files.ts";
import { contextFiles } from "./context_files.ts";
import { contractFile } from "./contract_file.ts";
import { type LogicBodies, logicFiles } from "./logic_files.ts";
import { restModel } from "./model.ts";
import { checkTools } from "./mcp/check_tools.ts";
import { toolsFiles } from "./mcp/tools_files.ts";
import type { RestOptions } from "./options.ts";
import { projectFiles } from "./project_files.ts";
import { routesFile } from "./routes_file.ts";
import { schemaFiles } from "./schema_file.ts";
import { testFiles } from "./test_files.ts";
import { typesFiles } from "./types_files.ts";
import { checkRules } from "./validate/check_rules.ts";

/** What {@link planRestServer} found: files, or why there are none. */
export interface RestPlan {
  /** The files, sorted by path; none when there are errors. */
  readonly files: readonly TextFile[];
  /** Errors and warnings that only this generator has. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Plans the files of the service that `spec` describes. It reads and writes no file, and the same
 * input gives the same bytes.
 *
 * @param bodies Logic that is known, by handler name; the others say that they are not written yet.
 */
export function planRestServer(
  spec: ApiSpec,
  options: RestOptions,
  bodies: LogicBodies = new Map(),
): RestPlan {
  const model = restModel(spec, options);
  const diagnostics = [...checkModel(model), ...checkTools(model), ...checkRules(model)];
  if (hasErrors(diagnostics)) return { files: [], diagnostics };
  const files = [
    ...projectFiles(model),
    ...configFiles(model),
    ...contextFiles(model),
    ...typesFiles(model),
    ...schemaFiles(model),
    contractFile(model),
    routesFile(model),
    ...toolsFiles(model),
    ...logicFiles(model, bodies),
    ...(options.tests ? testFiles(model) : []),
  ];
  const clashes = checkPaths(files, model);
  if (clashes.length > 0) return { files: [], diagnostics: clashes };
  return { files: files.sort((a, b) => a.path < b.path ? -1 : 1), diagnostics };
}
