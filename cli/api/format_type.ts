/**
 * Formatting of types and type statements.
 *
 * @module
 */

import type { FieldNode, StructNode, TypeDeclaration, TypeNode, TypeStatement } from "./ast.ts";
import { headOf, innerComments } from "./comments.ts";
import type { FormatContext } from "./format_context.ts";
import type { Token } from "./token.ts";

/** Formats `type T { ... }` or `type ( ... )`, without the comments above it. */
export function formatTypeStatement(context: FormatContext, statement: TypeStatement): void {
  const { lines } = context;
  if (statement.group === undefined) {
    for (const declaration of statement.declarations) {
      formatDeclaration(context, declaration, "type ");
    }
    return;
  }
  const { open, close } = statement.group;
  lines.add("type (", open.trailing);
  lines.indented(() => {
    for (const declaration of statement.declarations) {
      lines.head(headOf(context.tokens, openingOf(declaration, declaration.type)));
      formatDeclaration(context, declaration, "");
    }
    lines.head({ comments: close.leading, detached: false });
  });
  lines.add(")", close.trailing);
}

/** The part of a declaration or member that stands on its first line. */
export function openingOf(
  node: { readonly first: Token; readonly last: Token },
  type: TypeNode,
): { readonly first: Token; readonly last: Token } {
  const struct = innerStruct(type);
  return { first: node.first, last: struct?.open ?? node.last };
}

function formatDeclaration(
  context: FormatContext,
  { name, assigned, type, last }: TypeDeclaration,
  word: string,
): void {
  const start = `${word}${name.text} ${assigned ? "= " : ""}`;
  const struct = innerStruct(type);
  if (struct === undefined) context.lines.add(start + typeText(context, type), last.trailing);
  else formatStruct(context, struct, start + prefixOf(context, type), { last, tag: undefined });
}

/** The structure at the end of a type, whose members take lines of their own. */
function innerStruct(type: TypeNode): StructNode | undefined {
  switch (type.kind) {
    case "struct":
      return type;
    case "list":
      return innerStruct(type.item);
    case "map":
      return innerStruct(type.value);
    case "pointer":
      return innerStruct(type.target);
    default:
      return undefined;
  }
}

/** What stands before the structure at the end of a type. */
function prefixOf(context: FormatContext, type: TypeNode): string {
  switch (type.kind) {
    case "list":
      return `[${type.length}]${prefixOf(context, type.item)}`;
    case "map":
      return `map[${typeText(context, type.key)}]${prefixOf(context, type.value)}`;
    case "pointer":
      return `*${prefixOf(context, type.target)}`;
    default:
      return "";
  }
}

/** A type on one line. */
export function typeText(context: FormatContext, type: TypeNode): string {
  switch (type.kind) {
    case "name":
      return type.name;
    case "interface":
      return "interface{}";
    case "list":
      return `[${type.length}]${typeText(context, type.item)}`;
    case "map":
      return `map[${typeText(context, type.key)}]${typeText(context, type.value)}`;
    case "pointer":
      return `*${typeText(context, type.target)}`;
    case "struct":
      return keyText(context.tokens.slice(type.first.index, type.last.index + 1));
  }
}

/** A structure as the key of a map: no check lets it pass, so it stays much as it is. */
function keyText(tokens: readonly Token[]): string {
  return tokens.map((token, index) => {
    const previous = tokens[index - 1];
    if (previous === undefined || previous.end === token.offset) return token.text;
    return `${token.line > previous.endLine ? "\n" : " "}${token.text}`;
  }).join("");
}

/** Formats a structure from `start` on, which ends before its bracket. */
function formatStruct(
  context: FormatContext,
  struct: StructNode,
  start: string,
  end: { last: Token; tag: Token | undefined },
): void {
  const { lines } = context;
  const { open, close } = struct;
  const behind = end.tag === undefined ? "" : ` ${end.tag.text}`;
  const inside = [
    ...close.leading,
    ...innerComments(context.tokens, { first: close, last: end.last }),
  ];
  if (struct.fields.length === 0 && open.trailing.length === 0 && inside.length === 0) {
    lines.add(`${start}{}${behind}`, end.last.trailing);
    return;
  }
  lines.add(`${start}{`, open.trailing);
  lines.indented(() => {
    for (const field of struct.fields) formatField(context, field);
    lines.head({ comments: inside, detached: false });
  });
  lines.add(`}${behind}`, end.last.trailing);
}

function formatField(context: FormatContext, field: FieldNode): void {
  const { lines, tokens } = context;
  const { type, tag, last } = field;
  const names = field.names.map((name) => name.text).join(", ");
  lines.head(headOf(tokens, openingOf(field, type)));
  const struct = innerStruct(type);
  if (struct !== undefined) {
    const start = `${names} ${prefixOf(context, type)}`;
    return formatStruct(context, struct, start, { last, tag });
  }
  const tagText = tag === undefined ? [] : [tag.text];
  if (field.names.length === 0) {
    const text = [typeText(context, type), ...tagText].join(" ");
    return lines.add(text, last.trailing);
  }
  lines.add([names, typeText(context, type), ...tagText], last.trailing);
}
