/**
 * Questions about definitions that the compiler asks once.
 *
 * @module
 */

import { type Definition, resolve } from "./definition.ts";

/** Whether `test` holds for `definition` or anything inside it. Follows each recursion once. */
export function someInside(
  definition: Definition,
  test: (definition: Definition) => boolean,
  seen: Set<Definition> = new Set(),
): boolean {
  if (seen.has(definition)) return false;
  seen.add(definition);
  if (test(definition)) return true;
  const inner = [
    ...(definition.item ? [definition.item] : []),
    ...(definition.target ? [definition.target()] : []),
    ...Object.values(definition.fields ?? {}),
  ];
  return inner.some((each) => someInside(each, test, seen));
}

/** Whether the value of an absent member is known: nothing inside it must be given. */
export function canBeAbsent(definition: Definition, seen: Set<Definition> = new Set()): boolean {
  if (definition.ignored || definition.group || definition.zero) return true;
  if (definition.default !== undefined) return true;
  if (definition.dependency) return definition.dependency.kind === "with";
  if (definition.optional) return true;
  const resolved = resolve(definition);
  if (resolved.kind === "map") return true;
  if (resolved.custom?.seesAbsent) return true;
  if (resolved.kind !== "object" || seen.has(resolved)) return false;
  seen.add(resolved);
  return Object.values(resolved.fields ?? {}).every((member) => canBeAbsent(member, seen));
}

/** Whether `definition` or anything inside it reads an environment variable. */
export function readsEnv(definition: Definition): boolean {
  return someInside(definition, (each) => each.env !== undefined);
}

/** Whether `definition` or anything inside it takes values from enclosing objects. */
export function inherits(definition: Definition): boolean {
  return someInside(definition, (each) => each.inherit === true);
}

/** The zero of a kind: what an absent value with `zero()` reads as. */
export function zeroOf(definition: Definition): unknown {
  switch (resolve(definition).kind) {
    case "string":
      return "";
    case "boolean":
      return false;
    case "bigint":
      return 0n;
    case "bytes":
      return new Uint8Array();
    case "array":
      return [];
    case "map":
      return Object.create(null);
    case "timestamp":
    case "any":
    case "object":
    case "lazy":
    case "custom":
      return undefined;
    default:
      return 0;
  }
}
