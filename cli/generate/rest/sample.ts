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
  type MemberSource,
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

/** What is wrong with a sample. */
export interface Fault {
  /** A member that is left out. */
  readonly without?: Member | undefined;
  /** A member that has a value it does not allow. */
  readonly wrong?: Member | undefined;
}

/** A request that fits the structure, but for the fault. */
export function requestSample(
  name: string | undefined,
  context: SampleContext,
  { without, wrong }: Fault = {},
): RequestSample {
  const parts = new SampleParts();
  const given = new Set<string>();
  for (const member of membersOfType(name, context)) {
    const isWrong = member.property === wrong?.property;
    if (member.property === without?.property) continue;
    if (!isWrong && !isRequired(member) && !stepsIn(member, given)) continue;
    for (const { key } of member.sources) given.add(key);
    const value = isWrong ? wrongValue(member) : memberSample(member, context, new Set());
    for (const { source, key } of member.sources) parts.add(source, key, value);
  }
  return parts;
}

class SampleParts implements RequestSample {
  readonly path: Record<string, string> = {};
  readonly query: Record<string, string> = {};
  readonly header: Record<string, string> = {};
  body: Record<string, unknown> | undefined;

  add(source: MemberSource, key: string, value: unknown): void {
    const text = typeof value === "object" ? JSON.stringify(value) : String(value);
    if (source === "path") this.path[key] = text;
    else if (source === "form") this.query[key] = Array.isArray(value) ? String(value[0]) : text;
    else if (source === "header") this.header[key] = text;
    else if (source === "cookie") this.header["cookie"] = `${key}=${text}`;
    else (this.body ??= {})[key] = value;
  }
}

/** A member that a request must have and can leave out: one that is in no path. */
export function requiredMember(name: string, context: SampleContext): Member | undefined {
  // An absent map reads as an empty one, and an absent value of any kind as null.
  return membersOfType(name, context).find((member) =>
    isRequired(member) && member.sources.every(({ source }) => source !== "path") &&
    !["any", "map"].includes(pointee(member.field.type).kind)
  );
}

/** A member whose values are restricted, and that is not a list. */
export function restrictedMember(name: string, context: SampleContext): Member | undefined {
  return membersOfType(name, context).find((member) => wrongValue(member) !== undefined);
}

/** A value that the tags of a member refuse; `undefined` when there is none to be had. */
function wrongValue({ field, options }: Member): unknown {
  const type = pointee(field.type);
  if (type.kind !== "base" || options.has("string")) return undefined;
  if (type.name === "string") return options.get("options") ? "not-an-option" : undefined;
  const [, low, high] = /^.([^:]*):([^:]*).$/.exec(options.get("range")?.trim() ?? "") ?? [];
  if (high !== undefined && high.trim() !== "") return Number(high) + 1;
  return low === undefined || low.trim() === "" ? undefined : Number(low) - 1;
}

/** Whether a member has to be there since the other one, of `optional=!other`, is not. */
function stepsIn({ options }: Member, given: ReadonlySet<string>): boolean {
  const dependency = options.get("optional");
  return dependency !== undefined && dependency.startsWith("!") && !given.has(dependency.slice(1));
}

function membersOfType(name: string | undefined, { structs }: SampleContext): Member[] {
  return membersOf(name === undefined ? [] : structs.get(name)?.fields ?? [], structs);
}

function isRequired(member: Member): boolean {
  return !isOptional(member) && !hasDefault(member);
}

function memberSample(member: Member, context: SampleContext, seen: ReadonlySet<string>): unknown {
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
  return Object.fromEntries(
    members.filter(isRequired).map((member) => {
      const json = member.sources.find(({ source }) => source === "json");
      return [json?.key ?? member.property, memberSample(member, context, seen)];
    }),
  );
}
