/**
 * Types of the syntax tree to types of the intermediate representation.
 *
 * @module
 */

import type { FieldNode, SourceFile, StructNode, TypeNode } from "./ast.ts";
import { commentBehind, docsOf, headOf } from "./comments.ts";
import type { DeclaredType } from "./declarations.ts";
import type { Field, Position, StructType, TypeRef } from "./spec.ts";
import { tagsOf } from "./field_tag.ts";
import { BASE_TYPES, type Token } from "./token.ts";

/** Where a token stands. */
export function positionOf(source: SourceFile, token: Token): Position {
  return { file: source.file, line: token.line, column: token.column };
}

/** Resolves a declared structure that passed all checks. */
export function resolveStruct({ source, declaration, first }: DeclaredType): StructType {
  const { name, type } = declaration;
  return {
    name: name.text,
    docs: docsOf(headOf(source.tokens, { first, last: type.first })),
    fields: type.kind === "struct" ? resolveFields(source, type) : [],
    pos: positionOf(source, name),
  };
}

/** Resolves a type that passed all checks. */
export function resolveType(source: SourceFile, type: TypeNode): TypeRef {
  switch (type.kind) {
    case "interface":
      return { kind: "any" };
    case "name":
      if (type.name === "any") return { kind: "any" };
      return { kind: BASE_TYPES.has(type.name) ? "base" : "ref", name: type.name };
    case "list": {
      const item = resolveType(source, type.item);
      return type.length === ""
        ? { kind: "array", item }
        : { kind: "array", item, length: Number(type.length) };
    }
    case "map": {
      const key = type.key.kind === "name" ? type.key.name : "string";
      return { kind: "map", key, value: resolveType(source, type.value) };
    }
    case "pointer":
      return { kind: "pointer", target: resolveType(source, type.target) };
    case "struct":
      return { kind: "struct", fields: resolveFields(source, type) };
  }
}

function resolveFields(source: SourceFile, struct: StructNode): Field[] {
  return struct.fields.flatMap((field) => resolveField(source, field));
}

function resolveField(source: SourceFile, field: FieldNode): Field[] {
  const head = field.type.kind === "struct"
    ? headOf(source.tokens, { first: field.first, last: field.type.open })
    : headOf(source.tokens, field);
  const common = {
    type: resolveType(source, field.type),
    tags: [...tagsOf(field)],
    docs: docsOf(head),
    comment: commentBehind(field.last),
  };
  if (field.names.length === 0) {
    const name = field.type.kind === "pointer" ? field.type.target : field.type;
    const text = name.kind === "name" ? name.name : "";
    return [{ name: text, ...common, embedded: true, pos: positionOf(source, name.first) }];
  }
  return field.names.map((name) => ({
    name: name.text,
    ...common,
    embedded: false,
    pos: positionOf(source, name),
  }));
}
