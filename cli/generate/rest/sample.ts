/**
 * Requests that fit a structure, and requests that do not, for generated tests.
 *
 * @module
 */

import { allowedValues, type Member, membersOf, type MemberSource, pointee } from "./member.ts";
import { isRequired, memberSample, type SampleContext } from "./sample_value.ts";
import { ruleLevels } from "./validate/rule.ts";
import { refusedScalar } from "./validate/rule_sample.ts";

export type { SampleContext };

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
    const value = isWrong ? wrongValue(member) : memberSample(member, context);
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
function wrongValue(member: Member): unknown {
  const { field, options } = member;
  const type = pointee(field.type);
  if (type.kind !== "base" || options.has("string")) return undefined;
  if (type.name === "string" && allowedValues(member)) return "not-an-option";
  const refused = refusedScalar(ruleLevels(field)[0] ?? [], type);
  if (refused !== undefined || type.name === "string") return refused;
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
