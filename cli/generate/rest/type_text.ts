/**
 * `.api` types as TypeScript.
 *
 * @module
 */

import type { Field, TypeRef } from "../../api/spec.ts";
import { docComment, fits } from "../code.ts";
import { propertyKey } from "../naming.ts";
import {
  allowedValues,
  isOptional,
  type Member,
  membersOf,
  pointee,
  type StructTable,
} from "./member.ts";
import type { Int64Mode } from "./options.ts";

/** What the text of a type depends on. */
export interface TypeContext {
  /** TypeScript names of declared types. */
  readonly names: ReadonlyMap<string, string>;
  /** Declared types. */
  readonly structs: StructTable;
  /** How 64-bit integers read. */
  readonly int64: Int64Mode;
  /** Whether requests hold the type, so what they may omit may be absent. */
  readonly request: boolean;
  /** Whether responses hold the type, so pointers may be null. */
  readonly response: boolean;
}

const WIDE_INTEGERS: ReadonlySet<string> = new Set(["int", "int64", "uint", "uint64"]);

/** Base types whose values are 64-bit integers. */
export function isWideInteger(name: string): boolean {
  return WIDE_INTEGERS.has(name);
}

/** Whether the type is that of bytes: `[]byte`, `[]uint8`. */
export function isBytes(type: TypeRef): boolean {
  return type.kind === "array" && type.length === undefined && type.item.kind === "base" &&
    (type.item.name === "byte" || type.item.name === "uint8");
}

/** A type as TypeScript. `indent` is that of the line it stands on. */
export function typeText(type: TypeRef, context: TypeContext, indent: string = ""): string {
  switch (type.kind) {
    case "base":
      return baseText(type.name, context.int64);
    case "any":
      return "unknown";
    case "ref":
      return context.names.get(type.name) ?? type.name;
    case "pointer": {
      const target = typeText(pointee(type), context, indent);
      return context.response && target !== "unknown" ? `${target} | null` : target;
    }
    case "array": {
      if (isBytes(type)) return "Uint8Array";
      const item = typeText(type.item, context, indent);
      return item.includes(" | ") && !item.endsWith("}") ? `(${item})[]` : `${item}[]`;
    }
    case "map": {
      const key = type.key === "string" ? "string" : "number";
      return `Record<${key}, ${typeText(type.value, context, indent)}>`;
    }
    case "struct":
      return bodyText(type.fields, context, indent);
  }
}

function baseText(name: string, int64: Int64Mode): string {
  if (name === "string") return "string";
  if (name === "bool") return "boolean";
  return isWideInteger(name) ? int64 : "number";
}

/** The body of an interface: `{`, a member a line, `}` at `indent`. */
export function bodyText(
  fields: readonly Field[],
  context: TypeContext,
  indent: string = "",
): string {
  const members = membersOf(fields, context.structs);
  if (members.length === 0) return "Record<PropertyKey, never>";
  const lines = members.map((member) => memberText(member, context, `${indent}  `));
  return `{\n${lines.join("")}${indent}}`;
}

function memberText(member: Member, context: TypeContext, indent: string): string {
  const { docs, comment } = member.field;
  const doc = docComment(docs.length > 0 ? docs : [comment], indent);
  // Where requests hold the type, their schema decides; `omitempty` only says what a response omits.
  const absent = context.request ? isOptional(member) : member.options.has("omitempty");
  const head = `${propertyKey(member.property)}${absent ? "?" : ""}:`;
  const union = unionOf(member, context);
  if (union === undefined) {
    return `${doc}${indent}${head} ${typeText(member.field.type, context, indent)};\n`;
  }
  const line = `${head} ${union.join(" | ")};`;
  if (fits(line, indent)) return `${doc}${indent}${line}\n`;
  return `${doc}${indent}${head}${union.map((part) => `\n${indent}  | ${part}`).join("")};\n`;
}

/** Parts of the type of a member whose values are restricted. */
function unionOf(member: Member, context: TypeContext): string[] | undefined {
  const values = allowedValues(member);
  const type = pointee(member.field.type);
  if (values === undefined || type.kind !== "base") return undefined;
  const literals = literalTexts(values, type.name, context.int64);
  if (literals === undefined) return undefined;
  return member.field.type.kind === "pointer" && context.response
    ? [...literals, "null"]
    : literals;
}

/** Allowed values as literals, where the schema narrows to them: text and numbers. */
export function literalTexts(
  values: readonly string[],
  base: string,
  int64: Int64Mode,
): string[] | undefined {
  const unique = [...new Set(values)];
  if (base === "string") return unique.map((value) => JSON.stringify(value));
  if (base === "bool" || (isWideInteger(base) && int64 !== "number")) return undefined;
  return unique.every((value) => String(Number(value)) === value) ? unique : undefined;
}
