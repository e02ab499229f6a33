/**
 * Requests that fit a structure, and requests that do not, for generated tests.
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
import { isBytes, isWideInteger } from "./type_text.ts";
import type { Int64Mode } from "./options.ts";

/** A request by its parts. */
export interface RequestSample {
  /** Route parameters. */
  readonly path: Record<string, string>;
  /** Query parameters. */
  readonly query: Record<string, string>;
  /** Headers. */
  readonly header: Record<string, string>;
  /** JSON body, if there is one. */
  readonly body: Record<string, unknown> | undefined;
}

/** What samples depend on. */
export interface SampleContext {
  /** Declared types. */
  readonly structs: StructTable;
  /** How 64-bit integers read. */
  readonly int64: Int64Mode;
}

/** A request that fits; without the member `left out`, if one is named. */
export function requestSample(
  name: string | undefined,
  context: SampleContext,
  leftOut?: string,
): RequestSample {
  const sample = { path: {}, query: {}, header: {}, body: undefined } as {
    path: Record<string, string>;
    query: Record<string, string>;
    header: Record<string, string>;
    body: Record<string, unknown> | undefined;
  };
  for (const member of requiredMembers(name, context)) {
    if (member.property === leftOut) continue;
    for (const { source, key } of member.sources) {
      const value = memberSample(member, context, new Set());
      const text = typeof value === "object" ? JSON.stringify(value) : String(value);
      if (source === "path") sample.path[key] = text;
      else if (source === "form") {
        sample.query[key] = Array.isArray(value) ? String(value[0]) : text;
      } else if (source === "header") sample.header[key] = text;
      else if (source === "cookie") sample.header["cookie"] = `${key}=${text}`;
      else (sample.body ??= {})[key] = value;
    }
  }
  return sample;
}

/** A member that a request must have and can leave out: one that is in no path. */
export function requiredMember(name: string, context: SampleContext): Member | undefined {
  return requiredMembers(name, context).find(({ sources, field }) =>
    sources.every(({ source }) => source !== "path") && pointee(field.type).kind !== "any"
  );
}

/** Members of a structure without which it is not valid. */
function requiredMembers(name: string | undefined, { structs }: SampleContext): Member[] {
  const fields = name === undefined ? [] : structs.get(name)?.fields ?? [];
  return membersOf(fields, structs).filter((member) => !isOptional(member) && !hasDefault(member));
}

function memberSample(member: Member, context: SampleContext, seen: ReadonlySet<string>): unknown {
  const type = pointee(member.field.type);
  const allowed = allowedValues(member)?.[0];
  const range = member.options.get("range");
  const item = type.kind === "array" ? pointee(type.item) : type;
  const restricted = allowed !== undefined
    ? scalar(item, allowed)
    : range !== undefined
    ? scalar(item, String(insideRange(range)))
    : undefined;
  if (restricted !== undefined) {
    const value = member.options.has("string") ? String(restricted) : restricted;
    return type.kind === "array" ? Array(type.length ?? 1).fill(value) : value;
  }
  const value = typeSample(type, context, seen);
  return member.options.has("string") ? String(value) : value;
}

/** `text` as a value of a base type. */
function scalar(type: TypeRef, text: string): unknown {
  if (type.kind !== "base" || type.name === "string") return text;
  return type.name === "bool" ? text === "true" : Number(text);
}

/** A number in `[1:10)`: its lower bound, or one close to a bound that is open or missing. */
function insideRange(range: string): number {
  const [, open, low, high, close] = /^([[(])([^:]*):([^:\])]*)([\])])$/.exec(range.trim()) ?? [];
  if (low !== undefined && low.trim() !== "") return Number(low) + (open === "(" ? 1 : 0);
  return Number(high ?? 0) - (close === ")" ? 1 : 0);
}

function typeSample(type: TypeRef, context: SampleContext, seen: ReadonlySet<string>): unknown {
  switch (type.kind) {
    case "base":
      if (type.name === "string") return "text";
      if (type.name === "bool") return true;
      return isWideInteger(type.name) && context.int64 === "string" ? "1" : 1;
    case "any":
      return "anything";
    case "pointer":
      return typeSample(type.target, context, seen);
    case "array":
      if (isBytes(type)) return "AQID";
      if (type.length === undefined) {
        return type.item.kind === "base" ? [typeSample(type.item, context, seen)] : [];
      }
      return Array.from({ length: type.length }, () => typeSample(type.item, context, seen));
    case "map":
      return {};
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

function structSample(
  members: readonly Member[],
  context: SampleContext,
  seen: ReadonlySet<string>,
): Record<string, unknown> {
  const required = members.filter((member) => !isOptional(member) && !hasDefault(member));
  return Object.fromEntries(required.map((member) => {
    const json = member.sources.find(({ source }) => source === "json");
    return [json?.key ?? member.property, memberSample(member, context, seen)];
  }));
}
