/**
 * Checks of path parameters against the members that take them.
 *
 * @module
 */

import type { TypeNode } from "./ast.ts";
import type { TypeTable } from "./check_types.ts";
import { type DeclaredService, entriesOf } from "./declarations.ts";
import { joinPath, parametersOf } from "./path.ts";
import type { Report } from "./report.ts";
import { tagsOf } from "./field_tag.ts";

/** Warns where the `:name` segments of a path and the `path` tags of its request differ. */
export function checkParameters(
  services: readonly DeclaredService[],
  table: TypeTable,
  report: Report,
): void {
  for (const { source, service } of services) {
    const { prefix = "" } = entriesOf(service.server?.list);
    for (const { route } of service.items) {
      const request = route.request?.type === undefined
        ? undefined
        : structName(route.request.type);
      if (request === undefined || !table.has(request)) continue;
      const inPath = parametersOf(joinPath(prefix, route.path.text));
      const inType = pathNames(request, table);
      for (const name of inPath.filter((name) => !inType.has(name))) {
        const message = `No member of "${request}" takes the path parameter "${name}"`;
        const hint = `tag a member with path:"${name}"`;
        report.warn(source.file, route.path, "W-path-parameter", message, { hint });
      }
      for (const name of [...inType].filter((name) => !inPath.includes(name))) {
        const message = `The path has no ":${name}", which "${request}" takes from it`;
        report.warn(source.file, route.path, "W-path-parameter", message);
      }
    }
  }
}

function structName(type: TypeNode): string | undefined {
  if (type.kind === "pointer") return structName(type.target);
  return type.kind === "name" ? type.name : undefined;
}

/** The wire names of all `path` members, those of embedded structures too. */
function pathNames(root: string, table: TypeTable): Set<string> {
  const names = new Set<string>();
  const seen = new Set([root]);
  for (const current of seen) { // A set goes on with what is added on the way.
    const type = table.get(current)?.declaration.type;
    if (type?.kind !== "struct") continue;
    for (const field of type.fields) {
      if (field.names.length === 0) {
        const embedded = structName(field.type);
        if (embedded !== undefined) seen.add(embedded);
      }
      for (const tag of tagsOf(field)) {
        if (tag.key !== "path" || tag.name === "-") continue;
        if (tag.name !== "") names.add(tag.name);
        else for (const name of field.names) names.add(name.text);
      }
    }
  }
  return names;
}
