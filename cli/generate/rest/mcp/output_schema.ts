/**
 * Types of responses as schemas. They describe what a handler answers, which is written as it is: no tag moves a member,
 * makes text of a number or fills in a default.
 *
 * @module
 */

import type { Field, TypeRef } from "../../../api/spec.ts";
import { type ChainCall, type Expression, expressionText } from "../../code.ts";
import { propertyKey } from "../../naming.ts";
import { allowedValues, isOptional, type Member, membersOf, pointee } from "../member.ts";
import { builderOf, descriptionCalls } from "../schema_value.ts";
import { isBytes, isWideInteger, literalTexts, type TypeContext } from "../type_text.ts";

/** What schema code of responses depends on, and what it is found to need. */
export interface OutputContext extends TypeContext {
  /** The schema of a declared type, `lazy` where it is declared later. */
  reference(name: string): Expression;
  /** Notes that code uses an export of the schema library; answers with its name. */
  use(name: string): string;
}

/** The schema of a type. `indent` is that of the line it stands on. */
export function outputSchema(type: TypeRef, context: OutputContext, indent: string): Expression {
  const call = (name: string, ...args: (Expression | string)[]): Expression => ({
    head: context.use(name),
    args,
    calls: [],
  });
  switch (type.kind) {
    case "base":
      return call(builder(type.name, context));
    case "any":
      return call("any");
    case "ref":
      return context.reference(type.name);
    case "pointer":
      return withCalls(outputSchema(pointee(type), context, indent), [NULLABLE]);
    case "array": {
      if (isBytes(type)) return call("bytes");
      const length = type.length === undefined ? [] : [`{ length: ${type.length} }`];
      return call("array", outputSchema(type.item, context, indent), ...length);
    }
    case "map": {
      const options = type.key === "string" ? [] : [`{ key: "int" }`];
      return call("map", outputSchema(type.value, context, indent), ...options);
    }
    case "struct":
      return call("object", outputFields(type.fields, context, indent));
  }
}

const NULLABLE: ChainCall = { name: "nullable", args: [] };
const OPTIONAL: ChainCall = { name: "optional", args: [] };

function withCalls(value: Expression, calls: readonly ChainCall[]): Expression {
  return { ...value, calls: [...value.calls, ...calls] };
}

function builder(base: string, { int64 }: OutputContext): string {
  if (!isWideInteger(base) || int64 === "number") return builderOf(base);
  return int64;
}

/** Members as the argument of `object`: `{`, a member a line, `}` at `indent`. */
export function outputFields(
  fields: readonly Field[],
  context: OutputContext,
  indent: string,
): string {
  const inner = `${indent}  `;
  const lines = membersOf(fields, context.structs)
    // To a schema a dot is a step into an object, and here it is none.
    .filter(({ property }) => !property.includes("."))
    .map((member) => {
      const key = `${propertyKey(member.property)}: `;
      const value = memberSchema(member, context, inner);
      return `${inner}${key}${expressionText(value, inner, key.length + 1)},\n`;
    });
  return lines.length === 0 ? "{}" : `{\n${lines.join("")}${indent}}`;
}

function memberSchema(member: Member, context: OutputContext, indent: string): Expression {
  const { type } = member.field;
  const value = outputSchema(type, context, indent);
  const options = optionCalls(member, context);
  // A member of any type may be `undefined`, and then JSON leaves it out.
  const absent = isOptional(member) || member.options.has("omitempty") ||
    pointee(type).kind === "any";
  const calls = [...options, ...value.calls, ...(absent ? [OPTIONAL] : [])];
  return { ...value, calls: [...calls, ...descriptionCalls(member)] };
}

function optionCalls(member: Member, context: OutputContext): ChainCall[] {
  const type = pointee(member.field.type);
  const values = allowedValues(member);
  if (type.kind !== "base" || values === undefined) return [];
  const literals = literalTexts(values, type.name, context.int64);
  return literals === undefined ? [] : [{ name: "options", args: [literals] }];
}
