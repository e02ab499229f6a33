/**
 * Decoders of objects.
 *
 * @module
 */

import { closestKey } from "./_closest_key.ts";
import { isRecord } from "./_container.ts";
import { hasKey, type Member, presentValue, rawValue } from "./_member.ts";
import { at, type Decoder, FAIL, MAX_DEPTH, mismatch, type Run, tooDeep } from "./_run.ts";
import { readSpecial } from "./_surroundings.ts";

/** An object, ready to decode. */
export interface ObjectPlan {
  /** The members in the order of the definition. */
  readonly members: readonly Member[];
  /** Whether unknown keys are issues. */
  readonly strict: boolean;
  /** Whether something inside takes values from enclosing objects. */
  readonly tracksParents: boolean;
  /** Whether some members belong to an optional group. */
  readonly groups: boolean;
}

/** A member's own value, completed from the enclosing objects. Does not change the input. */
function inheritedValue(raw: unknown, member: Member, run: Run): unknown {
  const parents = run.parents ?? [];
  let value = raw;
  // The innermost parent is the object that holds the member itself.
  for (let index = parents.length - 2; index >= 0; index--) {
    const outer = rawValue(parents[index]!, member);
    if (outer === undefined || outer === null) continue;
    if (value === undefined) value = outer;
    else if (isRecord(value) && isRecord(outer)) {
      value = Object.assign(Object.create(null), outer, value);
    } else return value;
  }
  return value;
}

function readInTree(
  member: Member,
  raw: unknown,
  input: Readonly<Record<string, unknown>>,
  plan: ObjectPlan,
  run: Run,
  depth: number,
): unknown {
  const { dependency, group, inherit } = member.definition;
  const own = raw === null && run.nullAsAbsent ? undefined : raw;
  return readSpecial(
    member,
    {
      raw: inherit ? inheritedValue(own, member, run) : own,
      dependencyPresent: dependency !== undefined && hasKey(input, dependency.on, run),
      groupPresent: group !== undefined &&
        plan.members.some((other) =>
          other.definition.group === group && presentValue(input, other, run) !== undefined
        ),
    },
    member.decode,
    run,
    depth,
  );
}

/** Leaves an issue for each key that no member reads. */
export function failUnknownKeys(
  plan: ObjectPlan,
  input: Readonly<Record<string, unknown>>,
  run: Run,
): boolean {
  const known = new Set(plan.members.map(({ key, steps }) => steps?.[0] ?? key));
  const describe = (key: string) => (path: string) => {
    const meant = closestKey(key, [...known]);
    return `${at(path)} is not known` + (meant === undefined ? "" : `, did you mean "${meant}"?`);
  };
  let failed = false;
  for (const key of Object.keys(input)) {
    if (known.has(key)) continue;
    const mark = run.count;
    run.fail("unknown_key", describe(key));
    run.prefixKey(mark, key.length > 100 ? `${key.slice(0, 100)}...` : key);
    failed = true;
  }
  return failed;
}

/**
 * Decodes an object. Members that fail do not stop the others: all issues are found at once.
 *
 * The result starts as a copy of the input where that can pay: most values decode to themselves, and
 * copying an object whole costs a tenth of adding its members one by one. A copy that holds anything
 * else than members is cut down to them in the end.
 */
export function objectDecoder(plan: ObjectPlan): Decoder {
  const { members, strict, tracksParents } = plan;
  const keepsNames = members.every(({ name, key, steps }) => name === key && !steps);
  return (value, run, depth) => {
    if (!isRecord(value)) return mismatch(run, "object", value);
    if (depth >= MAX_DEPTH) return tooDeep(run);
    if (tracksParents) run.parents?.push(value);
    const keyCount = keepsNames ? Object.keys(value).length : Infinity;
    const copied = keyCount <= members.length;
    const out: Record<string, unknown> = copied ? { ...value } : {};
    let others = keyCount;
    let mark = run.count;
    let failed = false;
    for (let index = 0; index < members.length; index++) {
      const member = members[index]!;
      const raw = rawValue(value, member);
      const result = member.special
        ? readInTree(member, raw, value, plan, run, depth)
        : readPlain(member, raw, run, depth);
      if (result === FAIL) {
        run.prefixKey(mark, member.key);
        mark = run.count;
        failed = true;
      } else if (result === undefined) {
        if (copied && raw !== undefined) out[member.name] = undefined; // A null that reads as absent.
      } else {
        if (raw !== undefined) others--;
        if (!copied || result !== raw) out[member.name] = result;
      }
    }
    if (tracksParents) run.parents?.pop();
    if (strict && failUnknownKeys(plan, value, run)) failed = true;
    if (failed) return FAIL;
    return copied && others !== 0 ? pickMembers(members, out) : out;
  };
}

/** The members alone, without the unknown keys of a copied input. */
function pickMembers(
  members: readonly Member[],
  from: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const { name } of members) {
    const value = Object.hasOwn(from, name) ? from[name] : undefined;
    if (value !== undefined) out[name] = value;
  }
  return out;
}

function readPlain(member: Member, raw: unknown, run: Run, depth: number): unknown {
  if (raw === undefined) return member.absent(run, depth);
  if (raw === null) return member.nulled(run, depth);
  return member.decode(raw, run, depth + 1);
}
