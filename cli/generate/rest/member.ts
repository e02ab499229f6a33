/**
 * Members of structures as TypeScript sees them: property names, sources, and options of all tags.
 *
 * @module
 */

import type { Field, StructType, Tag, TypeRef } from "../../api/spec.ts";
import { camelCase } from "../naming.ts";
import { isRequiredByRule, oneOfValues } from "./validate/one_of.ts";

/** A part of a request that a member is read from. */
export type MemberSource = "path" | "form" | "header" | "cookie" | "json";

const SOURCES: ReadonlySet<string> = new Set(["path", "form", "header", "cookie", "json"]);

/** A member of a structure, embedded ones flattened. */
export interface Member {
  /** Where it was declared. */
  readonly field: Field;
  /** Property name in TypeScript. */
  readonly property: string;
  /** Where it is read from; `json` alone when it has no tag. */
  readonly sources: readonly { readonly source: MemberSource; readonly key: string }[];
  /** Options of its tags; the first tag that has one wins. */
  readonly options: ReadonlyMap<string, string | undefined>;
  /** The embedded, optional structure it comes from, if any. */
  readonly embeddedIn: string | undefined;
}

/** Declared structures by name. */
export type StructTable = ReadonlyMap<string, StructType>;

/** Members of a structure in source order. A member hides an embedded one of the same name. */
export function membersOf(fields: readonly Field[], structs: StructTable): Member[] {
  const members = new Map<string, Member>();
  collect(fields, { structs, members, seen: new Set(), embeddedIn: undefined });
  return [...members.values()];
}

interface Collecting {
  readonly structs: StructTable;
  readonly members: Map<string, Member>;
  /** Structures that are being flattened, so that a cycle ends. */
  readonly seen: ReadonlySet<string>;
  readonly embeddedIn: string | undefined;
}

function collect(fields: readonly Field[], state: Collecting): void {
  const own = fields.filter(({ embedded }) => !embedded)
    .map((field) => memberOf(field, state.embeddedIn)).filter((member) => member !== undefined);
  const ownNames = new Set(own.map(({ property }) => property));
  let next = 0;
  for (const field of fields) {
    if (field.embedded) collectEmbedded(field, state, ownNames);
    else if (own[next]?.field === field) {
      const member = own[next++]!;
      if (!state.members.has(member.property)) state.members.set(member.property, member);
    }
  }
}

function collectEmbedded(field: Field, state: Collecting, hidden: ReadonlySet<string>): void {
  const target = field.type.kind === "pointer" ? field.type.target : field.type;
  if (target.kind !== "ref" || state.seen.has(target.name)) return;
  if (field.tags.some((tag) => SOURCES.has(tag.key) && tag.name === "-")) return;
  const inner = new Map<string, Member>();
  const optional = bindingTags(field).some(({ options }) => options.some(isPlainOptional));
  collect(state.structs.get(target.name)?.fields ?? [], {
    structs: state.structs,
    members: inner,
    seen: new Set([...state.seen, target.name]),
    embeddedIn: optional ? target.name : state.embeddedIn,
  });
  for (const [property, member] of inner) {
    if (!hidden.has(property) && !state.members.has(property)) state.members.set(property, member);
  }
}

function isPlainOptional(option: { key: string; value?: string }): boolean {
  return option.key === "optional" && option.value === undefined;
}

function bindingTags(field: Field): Tag[] {
  return field.tags.filter(({ key }) => SOURCES.has(key));
}

/** `undefined` for a member that every tag ignores. */
function memberOf(field: Field, embeddedIn: string | undefined): Member | undefined {
  const tags = bindingTags(field);
  const used = tags.filter(({ name }) => name !== "-");
  if (tags.length > 0 && used.length === 0) return undefined;
  const sources = used.length === 0
    ? [{ source: "json" as const, key: field.name }]
    : used.map(({ key, name }) => ({ source: key as MemberSource, key: name || field.name }));
  const options = new Map<string, string | undefined>();
  for (const { key, value } of used.flatMap((tag) => tag.options)) {
    if (!options.has(key)) options.set(key, value);
  }
  return { field, property: propertyOf(field, sources), sources, options, embeddedIn };
}

/** JSON members keep their wire name, since responses are written as they are. */
function propertyOf(field: Field, sources: Member["sources"]): string {
  const json = sources.find(({ source }) => source === "json");
  if (json !== undefined) return json.key;
  const first = sources[0]!;
  const readable = first.source !== "header" && /^[A-Za-z_]\w*$/.test(first.key);
  return readable ? first.key : camelCase(field.name);
}

/** Whether a request may leave the member out, so that a server may not find it. */
export function isOptional(member: Member): boolean {
  if (member.embeddedIn !== undefined) return true;
  return member.options.has("optional") && !hasDefault(member) && !isRequiredByRule(member.field);
}

/** Whether a member that is left out reads as a default. */
export function hasDefault({ options }: Member): boolean {
  return (options.get("default") ?? "") !== "";
}

/** Allowed values of a member, if they are restricted: by its tags, or by its rule `oneof`, or both. */
export function allowedValues(member: Member): string[] | undefined {
  const text = member.options.get("options") ?? "";
  const values = text === "" ? undefined : text.split("|");
  const others = oneOfValues(member);
  if (values === undefined || others === undefined) return values ?? others;
  const both = values.filter((value) => others.includes(value));
  return both.length > 0 ? both : values;
}

/** What pointers lead to. */
export function pointee(type: TypeRef): TypeRef {
  return type.kind === "pointer" ? pointee(type.target) : type;
}
