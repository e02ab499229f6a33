/**
 * Members of requests as schema builders.
 *
 * @module
 */

import type { TypeRef } from "../../api/spec.ts";
import type { ChainCall, Expression } from "../code.ts";
import { expressionText, textLiteral } from "../code.ts";
import { propertyKey } from "../naming.ts";
import { allowedValues, hasDefault, type Member, membersOf, pointee } from "./member.ts";
import { INT64_TEXT, UINT64_TEXT } from "./type_places.ts";
import { isBytes, isWideInteger, literalTexts, type TypeContext } from "./type_text.ts";
import { isRequiredByRule } from "./validate/one_of.ts";
import { type ValidationContext, validationOf } from "./validate/validation.ts";

/** What schema code depends on, and what it is found to need. */
export interface SchemaContext extends TypeContext, ValidationContext {
  /** The schema of a declared type, `lazy` where it is declared later. */
  reference(name: string): Expression;
  /** Notes that code uses an export of the schema library, or a helper; answers with its name. */
  use(name: string): string;
  /** Whether schemas say what members mean. */
  readonly described: boolean;
}

/** Members as the argument of `object`: `{`, a member a line, `}` at `indent`. */
export function fieldsText(
  members: readonly Member[],
  context: SchemaContext,
  indent: string,
): string {
  if (members.length === 0) return "{}";
  const inner = `${indent}  `;
  const runs = runsOf(members).map(([group, run]) => {
    if (group === undefined) {
      return run.map((member) => memberLine(member, context, inner)).join("");
    }
    const lines = run.map((member) => memberLine(member, context, `${inner}  `));
    const head = `...${context.use("optionalGroup")}(${JSON.stringify(group)}, {\n`;
    return `${inner}${head}${lines.join("")}${inner}}),\n`;
  });
  return `{\n${runs.join("")}${indent}}`;
}

/** Neighbours that come from the same optional, embedded structure. */
function runsOf(members: readonly Member[]): [string | undefined, Member[]][] {
  const runs: [string | undefined, Member[]][] = [];
  for (const member of members) {
    const last = runs.at(-1);
    if (last !== undefined && last[0] === member.embeddedIn) last[1].push(member);
    else runs.push([member.embeddedIn, [member]]);
  }
  return runs;
}

function memberLine(member: Member, context: SchemaContext, indent: string): string {
  const key = `${propertyKey(member.property)}: `;
  const value = memberSchema(member, context, indent);
  return `${indent}${key}${expressionText(value, indent, key.length + 1)},\n`;
}

/** The schema of a member, with the rules of its tags. */
function memberSchema(member: Member, context: SchemaContext, indent: string): Expression {
  const type = pointee(member.field.type);
  const [own = [], ...inner] = validationOf(member, context).levels;
  const [items = [], ...deeper] = inner;
  const forItems = [[...itemCalls(member, type, context), ...items], ...deeper];
  const value = valueSchema(type, context, indent, forItems);
  const calls = [...value.calls];
  if (type.kind !== "array") calls.push(...restrictions(member, type, context));
  calls.push(...own, ...presence(member, type, context), ...places(member));
  if (context.described) calls.push(...descriptionCalls(member));
  return { ...value, calls };
}

/** `describe`, where the `.api` file says what a member means. */
export function descriptionCalls({ field: { docs, comment } }: Member): ChainCall[] {
  const text = (docs.length > 0 ? docs.join(" ") : comment).trim();
  return text === "" ? [] : [{ name: "describe", args: [textLiteral(text)] }];
}

/** `options` on a list hold for its items. */
function itemCalls(member: Member, type: TypeRef, context: SchemaContext): ChainCall[] {
  if (type.kind !== "array" || isBytes(type)) return [];
  return restrictions(member, pointee(type.item), context);
}

/** The schema of a type; `forItems` are calls for the items of a list or a map, then for theirs, and so on. */
function valueSchema(
  type: TypeRef,
  context: SchemaContext,
  indent: string,
  forItems: readonly (readonly ChainCall[])[] = [],
): Expression {
  switch (type.kind) {
    case "base":
      return baseSchema(type.name, context);
    case "any":
      return { head: context.use("any"), args: [], calls: [] };
    case "ref":
      return context.reference(type.name);
    case "pointer":
      return valueSchema(pointee(type), context, indent, forItems);
    case "struct": {
      const fields = fieldsText(membersOf(type.fields, context.structs), context, indent);
      return { head: context.use("object"), args: [fields], calls: [] };
    }
    case "map": {
      const options = type.key === "string" ? [] : [`{ key: "int" }`];
      const args = [itemSchema(type.value, context, indent, forItems), ...options];
      return { head: context.use("map"), args, calls: [] };
    }
    case "array": {
      if (isBytes(type)) return { head: context.use("bytes"), args: [], calls: [] };
      const length = type.length === undefined ? [] : [`{ length: ${type.length} }`];
      const args = [itemSchema(type.item, context, indent, forItems), ...length];
      return { head: context.use("array"), args, calls: [] };
    }
  }
}

function itemSchema(
  type: TypeRef,
  context: SchemaContext,
  indent: string,
  [calls = [], ...deeper]: readonly (readonly ChainCall[])[],
): Expression {
  const value = valueSchema(type, context, indent, deeper);
  return { ...value, calls: [...value.calls, ...calls] };
}

const BUILDERS: Readonly<Record<string, string>> = {
  bool: "boolean",
  byte: "uint8",
  rune: "int32",
};

function baseSchema(name: string, context: SchemaContext): Expression {
  const wide = isWideInteger(name) ? context.int64 : "number";
  if (wide === "string") {
    const check = context.use(name.startsWith("u") ? UINT64_TEXT : INT64_TEXT);
    return { head: context.use("string"), args: [], calls: [{ name: "check", args: [check] }] };
  }
  const builder = wide === "bigint" ? "bigint" : builderOf(name);
  return { head: context.use(builder), args: [], calls: [] };
}

/** The builder of a base type that is no wide integer. */
export function builderOf(name: string): string {
  return BUILDERS[name] ?? name;
}

/** `options` and `range`. */
function restrictions(member: Member, type: TypeRef, context: SchemaContext): ChainCall[] {
  const calls: ChainCall[] = [];
  if (type.kind !== "base") return calls;
  const values = allowedValues(member);
  if (values !== undefined) {
    const literals = literalTexts(values, type.name, context.int64) ??
      values.map((value) => literal(value, type, context) ?? JSON.stringify(value));
    calls.push({ name: "options", args: [literals] });
  }
  const range = member.options.get("range");
  if (range !== undefined) calls.push({ name: "range", args: [JSON.stringify(range)] });
  return calls;
}

/** Whether the member may be absent, and what that means. */
function presence(member: Member, type: TypeRef, context: SchemaContext): ChainCall[] {
  const { options } = member;
  const calls: ChainCall[] = [];
  if (options.has("string")) calls.push({ name: "asString", args: [] });
  if (hasDefault(member)) {
    const value = literal(options.get("default")!, type, context);
    if (value !== undefined) calls.push({ name: "default", args: [value] });
  } else if (options.has("optional")) {
    const dependency = options.get("optional");
    if (dependency?.startsWith("!")) {
      calls.push({ name: "requiredWithout", args: [JSON.stringify(dependency.slice(1))] });
    } else if (dependency !== undefined) {
      calls.push({ name: "requiredWith", args: [JSON.stringify(dependency)] });
    } else if (!isRequiredByRule(member.field)) {
      calls.push({ name: "optional", args: [] });
    }
  }
  if (options.has("inherit")) calls.push({ name: "inherit", args: [] });
  return calls;
}

/** Where the member is read from, unless that is JSON under its own name. */
function places({ sources, property }: Member): ChainCall[] {
  const [first] = sources;
  if (sources.length === 1 && first!.source === "json") {
    return first!.key === property ? [] : [{ name: "key", args: [JSON.stringify(first!.key)] }];
  }
  return sources.map(({ source, key }) => ({
    name: "in",
    args: key === property ? [`"${source}"`] : [`"${source}"`, JSON.stringify(key)],
  }));
}

/** A default or allowed value as code; `undefined` if the type takes none. */
function literal(text: string, type: TypeRef, context: SchemaContext): string | undefined {
  if (type.kind === "array" && !isBytes(type)) {
    const items = text.replace(/^\[(.*)\]$/s, "$1").split(",").map((item) => item.trim());
    const item = pointee(type.item);
    const values = items.filter((text) => text !== "").map((text) => literal(text, item, context));
    return values.includes(undefined) ? undefined : `[${values.join(", ")}]`;
  }
  if (type.kind !== "base") return undefined;
  if (type.name === "string") return JSON.stringify(text);
  if (type.name === "bool") return /^(1|t|true)$/i.test(text) ? "true" : "false";
  if (isWideInteger(type.name) && context.int64 !== "number") {
    return context.int64 === "bigint" ? `${text}n` : JSON.stringify(text);
  }
  return String(Number(text));
}
