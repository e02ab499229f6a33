/**
 * The routes that a `.api` file chooses as tools of an MCP server.
 *
 * @module
 */

import { camelCase, NameScope, pascalCase } from "../../naming.ts";
import type { GroupModel, RouteModel } from "../model.ts";

/** A route that is a tool too. */
export interface ToolModel {
  /** What the tool is called, unique: `getUser`. */
  readonly name: string;
  /** The group of the route. */
  readonly group: GroupModel;
  /** The route. */
  readonly route: RouteModel;
}

/**
 * The chosen routes, in their order: those of groups that say `mcp: true`, and of each route what its `@doc` says of
 * `mcp` wins. A tool is called as its handler is; where groups share the name of a handler, the group stands before it.
 */
export function toolsOf(groups: readonly GroupModel[]): ToolModel[] {
  const chosen = groups.flatMap((group) =>
    group.routes.filter((route) => isChosen(group, route)).map((route) => ({ group, route }))
  );
  const count = Map.groupBy(chosen, ({ route }) => camelCase(route.spec.handler));
  const names = new NameScope();
  return chosen.map(({ group, route }) => {
    const own = camelCase(route.spec.handler);
    const isShared = count.get(own)!.length > 1 && group.spec.group !== "";
    const whole = camelCase(pascalCase(group.spec.group) + pascalCase(route.spec.handler));
    return { name: names.claim(isShared ? whole : own), group, route };
  });
}

function isChosen({ spec }: GroupModel, { spec: { doc } }: RouteModel): boolean {
  return (doc["mcp"] ?? spec.annotations["mcp"]) === "true";
}
