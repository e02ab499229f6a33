/**
 * Which types hold bytes, and so need more than plain JSON to be written.
 *
 * @module
 */

import type { TypeRef } from "../../api/spec.ts";
import type { StructTable } from "./member.ts";
import { isBytes } from "./type_text.ts";

/** Whether a value of the type can hold bytes at any depth. */
export function holdsBytes(
  type: TypeRef,
  structs: StructTable,
  seen: ReadonlySet<string> = new Set(),
): boolean {
  switch (type.kind) {
    case "base":
    case "any":
      return false;
    case "array":
      return isBytes(type) || holdsBytes(type.item, structs, seen);
    case "map":
      return holdsBytes(type.value, structs, seen);
    case "pointer":
      return holdsBytes(type.target, structs, seen);
    case "struct":
      return type.fields.some((field) => holdsBytes(field.type, structs, seen));
    case "ref": {
      if (seen.has(type.name)) return false;
      const inside = new Set([...seen, type.name]);
      const fields = structs.get(type.name)?.fields ?? [];
      return fields.some((field) => holdsBytes(field.type, structs, inside));
    }
  }
}
