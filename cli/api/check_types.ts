/**
 * Checks of declared types.
 *
 * @module
 */

import type { FieldNode, ListType, MapType, SourceFile, StructNode, TypeNode } from "./ast.ts";
import type { DeclaredType } from "./declarations.ts";
import type { Report } from "./report.ts";
import { BASE_TYPES, type Token } from "./token.ts";

/** Declared types by name. */
export type TypeTable = ReadonlyMap<string, DeclaredType>;

/** Checks the names of types and gathers the types. */
export function checkTypeNames(types: readonly DeclaredType[], report: Report): TypeTable {
  const table = new Map<string, DeclaredType>();
  for (const declared of types) {
    const { source, declaration: { name } } = declared;
    const other = table.get(name.text);
    if (other !== undefined) {
      const message = `Cannot declare type "${name.text}" twice: ${placeOf(other)} has it`;
      report.error(source.file, name, "E-duplicate-type", message);
    } else {
      table.set(name.text, declared);
    }
  }
  return table;
}

/** `file:line` of a declaration, for messages. */
function placeOf({ source, declaration }: DeclaredType): string {
  return `${source.file}:${declaration.name.line}`;
}

/** Checks that declared types are structures and do not hide base types. */
export function checkShadowing(types: readonly DeclaredType[], report: Report): void {
  for (const { source, declaration: { name } } of types) {
    if (!BASE_TYPES.has(name.text)) continue;
    const message = `Cannot declare type "${name.text}": it is a base type`;
    report.error(source.file, name, "E-base-type", message);
  }
}

/** Checks that every name in a type is declared. */
export function checkReferences(
  types: readonly DeclaredType[],
  table: TypeTable,
  report: Report,
): void {
  for (const { source, declaration } of types) {
    for (const name of namesIn(declaration.type)) {
      checkReference(source, name, table, report);
    }
  }
}

/** Checks that one name is that of a type. */
export function checkReference(
  source: SourceFile,
  name: Token,
  table: TypeTable,
  report: Report,
): void {
  if (BASE_TYPES.has(name.text) || table.has(name.text)) return;
  const lower = name.text.toLowerCase();
  const near = [...table.keys(), ...BASE_TYPES].find((other) => other.toLowerCase() === lower);
  const hint = near === undefined ? undefined : `there is a type "${near}"`;
  const message = `Cannot find type "${name.text}"`;
  report.error(source.file, name, "E-unresolved", message, { hint });
}

function namesIn(type: TypeNode): Token[] {
  switch (type.kind) {
    case "name":
      return [type.first];
    case "interface":
      return [];
    case "list":
      return namesIn(type.item);
    case "map":
      return [...namesIn(type.key), ...namesIn(type.value)];
    case "pointer":
      return namesIn(type.target);
    case "struct":
      return type.fields.flatMap((field) => namesIn(field.type));
  }
}

/** Checks that types are built as they may be. */
export function checkShapes(types: readonly DeclaredType[], report: Report): void {
  for (const { source, declaration: { name, type } } of types) {
    const shapes = new ShapeCheck(source.file, report);
    if (type.kind === "struct") {
      shapes.struct(type);
    } else {
      const message = `Cannot declare type "${name.text}": it must be a structure`;
      report.error(source.file, name, "E-not-struct", message);
    }
  }
}

class ShapeCheck {
  readonly #file: string;
  readonly #report: Report;

  constructor(file: string, report: Report) {
    this.#file = file;
    this.#report = report;
  }

  struct(struct: StructNode): void {
    for (const field of struct.fields) {
      if (field.names.length === 0) this.#embedded(field);
      else this.#field(field.type);
    }
  }

  #field(type: TypeNode): void {
    if (type.kind !== "struct") return this.#type(type);
    if (type.fields.length === 0) {
      this.#error(type.first, "E-empty-struct", "Cannot have a structure without members here");
    }
    this.struct(type);
  }

  #embedded({ type }: FieldNode): void {
    const target = type.kind === "pointer" ? type.target : type;
    if (target.kind !== "name" || !BASE_TYPES.has(target.name)) return;
    const message = `Cannot embed "${target.name}": only structures can be embedded`;
    const hint = "a member is written `name type` on one line";
    this.#error(target.first, "E-embedded", message, hint);
  }

  /** `container`: the outermost list or map around the type. */
  #type(type: TypeNode, container = type.first): void {
    switch (type.kind) {
      case "name":
        return this.#bareAny(type.name, type.first);
      case "list":
        return this.#list(type, container);
      case "map":
        return this.#map(type, container);
      case "pointer":
        if (type.target.kind === "pointer") {
          const message = `A pointer to a pointer is read as one pointer`;
          this.#report.warn(this.#file, type.first, "W-pointer", message);
        }
        return this.#type(type.target);
      default:
        return;
    }
  }

  #bareAny(name: string, place: Token): void {
    if (name !== "any") return;
    this.#error(place, "E-any", `Cannot use "any" as a type`, "write interface{}");
  }

  #list(type: ListType, container: Token): void {
    if (type.length === "...") {
      const message = "Cannot use an array of open length";
      this.#error(type.first, "E-array", message, "write a number, or [] for a slice");
    } else if (!Number.isSafeInteger(Number(type.length))) {
      this.#error(type.first, "E-array", "Cannot use an array of so many elements");
    }
    this.#element(type.item, container);
  }

  #map(type: MapType, container: Token): void {
    const { key } = type;
    if (key.kind !== "name" || !BASE_TYPES.has(key.name) || key.name === "any") {
      const message = "Cannot use this type as the key of a map: it must be a base type";
      this.#error(type.first, "E-map-key", message);
    }
    this.#element(type.value, container);
  }

  #element(type: TypeNode, container: Token): void {
    if (type.kind !== "struct") return this.#type(type, container);
    const message = "Cannot use a structure without a name as an element";
    this.#error(container, "E-inline-struct", message, "declare the structure as a type");
  }

  #error(place: Token, code: string, message: string, hint?: string): void {
    this.#report.error(this.#file, place, code, message, { hint });
  }
}
