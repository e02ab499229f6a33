/**
 * Methods that a gateway has no route for.
 *
 * @module
 */

import { indentLines } from "../code.ts";
import { textOf } from "../generated_file.ts";
import type { Change } from "../writer.ts";
import type { GatewayModel } from "./model.ts";
import { yamlPath } from "./project_files.ts";
import { mappingItems } from "./yaml_file.ts";

/**
 * What to add to a yaml file that was there before the methods were; `undefined` if there is nothing. A method that the file
 * names, be it in a comment, is known to its owner.
 */
export function unroutedHint(
  model: GatewayModel,
  changes: readonly Change[],
): string | undefined {
  const path = yamlPath(model);
  const file = changes.find((change) => change.kind === "keep" && change.path === path);
  if (file === undefined) return undefined;
  const text = textOf(file.before);
  const missing = model.upstreams.flatMap(({ mappings }) => mappings)
    .filter(({ rpcPath }) => !text.includes(rpcPath));
  if (missing.length === 0) return undefined;
  const names = missing.map(({ rpcPath }) => rpcPath).join(", ");
  return `No route for ${names}. Annotate with google.api.http, or add to Mappings in ${path}:\n` +
    indentLines(mappingItems(missing), "  ").trimEnd();
}
