/**
 * Which declared structures requests and responses reach.
 *
 * @module
 */

import type { ApiSpec, Field, TypeRef } from "../../api/spec.ts";

/** How a structure is used. */
export interface Usage {
  /** Structures that requests reach. */
  readonly requests: ReadonlySet<string>;
  /** Structures that responses reach. */
  readonly responses: ReadonlySet<string>;
  /** For each structure, the groups whose routes reach it. */
  readonly groups: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Follows all routes. */
export function usageOf(spec: ApiSpec): Usage {
  const fields = new Map(spec.types.map((type) => [type.name, type.fields]));
  const requests = new Set<string>();
  const responses = new Set<string>();
  const groups = new Map<string, Set<string>>();
  for (const group of spec.groups) {
    const reached = new Set<string>();
    for (const { request, response } of group.routes) {
      for (const [type, into] of [[request, requests], [response, responses]] as const) {
        const names = new Set<string>();
        if (type !== undefined) reach(type, fields, names);
        for (const name of names) into.add(name), reached.add(name);
      }
    }
    for (const name of reached) {
      const known = groups.get(name) ?? new Set();
      groups.set(name, known.add(group.group));
    }
  }
  return { requests, responses, groups };
}

function reach(
  type: TypeRef,
  fields: ReadonlyMap<string, readonly Field[]>,
  names: Set<string>,
): void {
  switch (type.kind) {
    case "base":
    case "any":
      return;
    case "array":
      return reach(type.item, fields, names);
    case "map":
      return reach(type.value, fields, names);
    case "pointer":
      return reach(type.target, fields, names);
    case "struct":
      return type.fields.forEach((field) => reach(field.type, fields, names));
    case "ref":
      if (names.has(type.name)) return;
      names.add(type.name);
      (fields.get(type.name) ?? []).forEach((field) => reach(field.type, fields, names));
  }
}
