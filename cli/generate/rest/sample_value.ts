/**
 * Values that fit a member of a structure, for generated tests.
 *
 * @module
 */

import type { TypeRef } from "../../api/spec.ts";
import {
  allowedValues,
  hasDefault,
  isOptional,
  type Member,
  membersOf,
  pointee,
  type StructTable,
} from "./member.ts";
import type { Int64Mode } from "./options.ts";
import { isBytes, isWideInteger } from "./type_text.ts";
import { type RuleLevels, ruleLevels } from "./validate/rule.ts";
import { ruledCount, ruledScalar } from "./validate/rule_sample.ts";

/** What samples depend on. */
export interface SampleContext {
  /** Declared types. */
  readonly structs: StructTable;
  /** How 64-bit integers read. */
  readonly int64: Int64Mode;
}

/** Whether a request must have the member. */
export function isRequired(member: Member): boolean {
  return !isOptional(member) && !hasDefault(member);
}

/** A value that fits a member. */
export function memberSample(
  member: Member,
  context: SampleContext,
  seen: ReadonlySet<string> = new Set(),
): unknown {
  const type = pointee(member.field.type);
  const allowed = allowedValues(member)?.[0];
  const range = member.options.get("range");
  const item = type.kind === "array" ? pointee(type.item) : type;
  const restricted = allowed !== undefined
    ? scalar(item, allowed)
    : range !== undefined
    ? scalar(item, String(insideRange(range, isFloat(item))))
    : undefined;
  if (restricted !== undefined) {
    const value = member.options.has("string") ? String(restricted) : restricted;
    const [rules = []] = ruleLevels(member.field);
    if (type.kind !== "array") return value;
    return Array(type.length ?? Math.max(1, ruledCount(rules))).fill(value);
  }
  const value = typeSample(type, context, seen, ruleLevels(member.field));
  return member.options.has("string") ? String(value) : value;
}

/** `text` as a value of a base type. */
function scalar(type: TypeRef, text: string): unknown {
  if (type.kind !== "base" || type.name === "string") return text;
  return type.name === "bool" ? text === "true" : Number(text);
}

function isFloat(type: TypeRef): boolean {
  return type.kind === "base" && type.name.startsWith("float");
}

/** A number in `[1:10)`: its lower bound, or one close to a bound that is open or missing. */
function insideRange(range: string, float: boolean): number {
  const [, open, low, high, close] = /^([[(])([^:]*):([^:\])]*)([\])])$/.exec(range.trim()) ?? [];
  const bounds = [low, high].filter((bound) => (bound ?? "").trim() !== "").map(Number);
  if (float && bounds.length === 2) return (bounds[0]! + bounds[1]!) / 2;
  if (low !== undefined && low.trim() !== "") return Number(low) + (open === "(" ? 1 : 0);
  return Number(high ?? 0) - (close === ")" ? 1 : 0);
}

function typeSample(
  type: TypeRef,
  context: SampleContext,
  seen: ReadonlySet<string>,
  [rules = [], ...inner]: RuleLevels = [],
): unknown {
  switch (type.kind) {
    case "base":
      if (type.name === "bool") return true;
      if (isWideInteger(type.name) && context.int64 === "string") return "1";
      return ruledScalar(rules, type) ?? (type.name === "string" ? "text" : 1);
    case "any":
      return "anything";
    case "pointer":
      return typeSample(type.target, context, seen, [rules, ...inner]);
    case "array": {
      if (isBytes(type)) return "AQID";
      const least = Math.max(type.item.kind === "base" ? 1 : 0, ruledCount(rules));
      const item = typeSample(type.item, context, seen, inner);
      const unique = rules.some(({ name }) => name === "unique");
      const length = type.length ?? least;
      return Array.from({ length }, (_, at) => unique ? distinct(item, at) : item);
    }
    case "map": {
      const value = () => typeSample(type.value, context, seen, inner);
      const count = ruledCount(rules);
      return Object.fromEntries(Array.from({ length: count }, (_, at) => [`${at + 1}`, value()]));
    }
    case "struct":
      return structSample(membersOf(type.fields, context.structs), context, seen);
    case "ref": {
      // A structure that needs itself has no finite value; the compiler refuses it.
      if (seen.has(type.name)) return {};
      const fields = context.structs.get(type.name)?.fields ?? [];
      return structSample(
        membersOf(fields, context.structs),
        context,
        new Set([...seen, type.name]),
      );
    }
  }
}

/** The value, or one like it that no other place of a list has. */
function distinct(value: unknown, at: number): unknown {
  if (at === 0) return value;
  return typeof value === "number"
    ? value + at
    : typeof value === "string"
    ? `${value}${at}`
    : value;
}

function structSample(
  members: readonly Member[],
  context: SampleContext,
  seen: ReadonlySet<string>,
): Record<string, unknown> {
  return Object.fromEntries(
    members.filter(isRequired).map((member) => {
      const json = member.sources.find(({ source }) => source === "json");
      return [json?.key ?? member.property, memberSample(member, context, seen)];
    }),
  );
}
