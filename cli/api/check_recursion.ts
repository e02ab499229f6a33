/**
 * Checks for types that contain themselves.
 *
 * @module
 */

import type { FieldNode, StructNode, TypeNode } from "./ast.ts";
import type { TypeTable } from "./check_types.ts";
import { components } from "./cycles.ts";
import type { Report } from "./report.ts";
import { tagsOf } from "./field_tag.ts";
import type { Token } from "./token.ts";

/** One type holding another. */
interface Edge {
  readonly from: string;
  readonly to: string;
  readonly file: string;
  readonly place: Token;
  readonly embedded: boolean;
  /** Whether a value of `from` always holds one of `to`. */
  readonly required: boolean;
}

/** Refuses types that need themselves, and warns of structures that embed each other. */
export function checkRecursion(table: TypeTable, report: Report): void {
  const edges = [...table.values()].flatMap(({ source, declaration: { name, type } }) =>
    type.kind === "struct" ? [...edgesOf(name.text, source.file, type)] : []
  ).filter((edge) => table.has(edge.to));
  const required = onCycles(table, edges.filter((edge) => edge.required));
  for (const edge of firstOfEach(required, (edge) => !edge.embedded)) {
    const message = `Cannot have "${edge.to}" by value here: a "${edge.from}" would never end`;
    const hint = "make it optional, a pointer or a list";
    report.error(edge.file, edge.place, "E-recursive-type", message, { hint });
  }
  const embedded = onCycles(table, edges.filter((edge) => edge.embedded));
  for (const edge of firstOfEach(embedded, () => true)) {
    const message = `"${edge.from}" embeds itself through "${edge.to}"; its members count once`;
    report.warn(edge.file, edge.place, "W-embedded-cycle", message);
  }
}

type CycleEdge = Edge & { readonly cycle: number };

function onCycles(table: TypeTable, edges: readonly Edge[]): CycleEdge[] {
  const byNode = Map.groupBy(edges, (edge) => edge.from);
  const targets = (node: string) => (byNode.get(node) ?? []).map((edge) => edge.to);
  const component = components(table.keys(), targets);
  return edges
    .filter((edge) => component.get(edge.from) === component.get(edge.to))
    .map((edge) => ({ ...edge, cycle: component.get(edge.from) ?? 0 }));
}

/** One edge a cycle is enough to say. */
function firstOfEach(
  edges: readonly CycleEdge[],
  accept: (edge: CycleEdge) => boolean,
): CycleEdge[] {
  const seen = new Set<number>();
  return edges.filter((edge) => {
    if (seen.has(edge.cycle) || !accept(edge)) return false;
    seen.add(edge.cycle);
    return true;
  });
}

function* edgesOf(from: string, file: string, struct: StructNode): Generator<Edge> {
  for (const field of struct.fields) {
    const embedded = field.names.length === 0;
    const place = field.names[0] ?? field.first;
    const { type } = field;
    if (type.kind === "struct") {
      if (!isOptional(field)) yield* edgesOf(from, file, type);
    } else if (embedded) {
      const target = type.kind === "pointer" ? type.target : type;
      if (target.kind !== "name") continue;
      yield { from, to: target.name, file, place, embedded, required: type.kind === "name" };
    } else if (!isOptional(field)) {
      const to = heldBy(type);
      if (to !== undefined) yield { from, to, file, place, embedded, required: true };
    }
  }
}

/** The type a value always holds: slices, maps and pointers can be empty. */
function heldBy(type: TypeNode): string | undefined {
  if (type.kind === "name") return type.name;
  return type.kind === "list" && Number(type.length) > 0 ? heldBy(type.item) : undefined;
}

function isOptional(field: FieldNode): boolean {
  return tagsOf(field).some((tag) => tag.options.some(({ key }) => key === "optional"));
}
