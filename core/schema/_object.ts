/**
 * Decoders of objects: presence, null, defaults, dependencies, inheritance, groups.
 *
 * @module
 */

import { type Definition, resolve, sourceKeys, wireKey } from "./definition.ts";
import type { Source } from "./errors.ts";
import { acceptsNull, isRecord, unexpectedNull } from "./_container.ts";
import { absentReader, type Compile } from "./_presence.ts";
import { at, type Decoder, FAIL, MAX_DEPTH, mismatch, type Run, tooDeep } from "./_run.ts";

/** One place a member is read from, with the decoder for values from there. */
export interface Reader {
  /** The part of the request. */
  readonly source: Source;
  /** The name there. */
  readonly key: string;
  /** Decodes a value that is there. */
  readonly decode: Decoder;
}

/** One member of an object, ready to decode. */
export interface Member {
  /** The property of the result. */
  readonly name: string;
  /** The key in trees of objects. */
  readonly key: string;
  /** The steps of a dotted key; undefined for a plain one. */
  readonly steps: readonly string[] | undefined;
  /** Whether every object seems to have the key, because `Object.prototype` has it. */
  readonly shadowed: boolean;
  /** What the schema says. */
  readonly definition: Definition;
  /** Whether it needs more than a look at its own key. */
  readonly special: boolean;
  /** Decodes a value of a tree. */
  readonly decode: Decoder;
  /** Decodes a value of the environment. */
  readonly decodeText: Decoder;
  /** The value when there is none; undefined leaves the property out. */
  readonly absent: (run: Run, depth: number) => unknown;
  /** The value when there is null. */
  readonly nulled: (run: Run, depth: number) => unknown;
  /** Where a request holds it. */
  readonly readers: readonly Reader[];
}

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

/** Compiles one member. */
export function memberOf(name: string, definition: Definition, compile: Compile): Member {
  const key = wireKey(name, definition);
  const absent = absentReader(definition, compile);
  return {
    name,
    key,
    steps: key.includes(".") ? key.split(".") : undefined,
    shadowed: key in Object.prototype,
    definition,
    special: Boolean(
      definition.env || definition.inherit || definition.dependency || definition.group,
    ),
    decode: compile(definition, "native"),
    decodeText: compile(definition, "text"),
    absent,
    nulled: nullReader(definition, absent),
    readers: sourceKeys(name, definition).map(({ source, key }) => ({
      source,
      key,
      decode: compile(definition, source === "json" ? "native" : "text"),
    })),
  };
}

function nullReader(definition: Definition, absent: Member["absent"]): Member["nulled"] {
  if (acceptsNull(resolve(definition)) || definition.nullable) return () => null;
  if (definition.optional || definition.zero || definition.defaultOnNull) return absent;
  return (run, depth) => run.nullAsAbsent ? absent(run, depth) : unexpectedNull(run);
}

/** The value of `key` in a tree, own members only; undefined when absent. */
export function rawValue(
  input: Readonly<Record<string, unknown>>,
  member: Pick<Member, "key" | "steps" | "shadowed">,
): unknown {
  if (member.steps === undefined) {
    return member.shadowed && !Object.hasOwn(input, member.key) ? undefined : input[member.key];
  }
  let value: unknown = input;
  for (const step of member.steps) {
    if (!isRecord(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

/** What a special member needs to know about its surroundings. */
export interface Surroundings {
  /** Its own value: undefined when absent. */
  readonly raw: unknown;
  /** Whether the field it depends on is there. */
  readonly dependencyPresent: boolean;
  /** Whether any member of its group is there. */
  readonly groupPresent: boolean;
}

/** Decodes a member that depends on its surroundings. */
export function readSpecial(
  member: Member,
  { raw, dependencyPresent, groupPresent }: Surroundings,
  decode: Decoder,
  run: Run,
  depth: number,
): unknown {
  const { dependency, group, env } = member.definition;
  if (env !== undefined && run.env) {
    const text = run.env(env);
    if (text !== undefined && text !== "") return member.decodeText(text, run, depth + 1);
  }
  if (group && !groupPresent) return undefined;
  if (dependency) {
    const selfPresent = raw !== undefined;
    if (dependency.kind === "with" && dependencyPresent !== selfPresent) {
      return failDependency(run, member, dependency.on);
    }
    if (dependency.kind === "without" && dependencyPresent === selfPresent) {
      return failConflict(run, member, dependency.on);
    }
    // Required or forbidden by the dependency, so absence is settled here.
    if (!selfPresent) {
      return member.definition.default === undefined ? undefined : member.absent(run, depth);
    }
    if (raw === null && !member.definition.nullable && !member.definition.defaultOnNull) {
      return unexpectedNull(run);
    }
  }
  if (raw === null) return member.nulled(run, depth);
  if (raw !== undefined) return decode(raw, run, depth + 1);
  if (!group || canSkip(member)) return member.absent(run, depth);
  return run.fail(
    "missing",
    (path) => `"${group.name}" is not fully set: ${at(path)} is not set`,
  );
}

function canSkip({ definition }: Member): boolean {
  return definition.optional === true || definition.default !== undefined ||
    definition.zero === true;
}

/** The path of the object around the member at `path`. */
function parentOf(path: string, key: string): string {
  const parent = path.slice(0, path.length - key.length);
  return parent.endsWith(".") ? parent.slice(0, -1) : parent;
}

function failDependency(run: Run, { key }: Member, on: string): typeof FAIL {
  return run.fail(
    "depends",
    (path) =>
      `values for "${on}" and "${key}" should be both provided or both not in "${
        parentOf(path, key)
      }"`,
    { on },
  );
}

function failConflict(run: Run, { key }: Member, on: string): typeof FAIL {
  return run.fail(
    "conflicts",
    (path) => `set value for either "${on}" or "${key}" in "${parentOf(path, key)}"`,
    { on },
  );
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
  input: Readonly<Record<string, unknown>>,
  plan: ObjectPlan,
  run: Run,
  depth: number,
): unknown {
  const { dependency, group, inherit } = member.definition;
  const own = presentValue(input, member, run);
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

/** A raw value that counts: undefined for a null where null reads as absent. */
function presentValue(
  input: Readonly<Record<string, unknown>>,
  member: Pick<Member, "key" | "steps" | "shadowed">,
  run: Run,
): unknown {
  const value = rawValue(input, member);
  return value === null && run.nullAsAbsent ? undefined : value;
}

/** Whether a tree holds `key`, dotted or not. Null counts as a value, but in config. */
export function hasKey(
  input: Readonly<Record<string, unknown>>,
  key: string,
  run: Run,
): boolean {
  const steps = key.includes(".") ? key.split(".") : undefined;
  return presentValue(input, { key, steps, shadowed: true }, run) !== undefined;
}

/** Leaves an issue for each key that no member reads. */
export function failUnknownKeys(
  plan: ObjectPlan,
  input: Readonly<Record<string, unknown>>,
  run: Run,
): boolean {
  const known = new Set(plan.members.map(({ key, steps }) => steps?.[0] ?? key));
  let failed = false;
  for (const key of Object.keys(input)) {
    if (known.has(key)) continue;
    const mark = run.count;
    run.fail("unknown_key", (path) => `${at(path)} is not known`);
    run.prefixKey(mark, key.length > 100 ? `${key.slice(0, 100)}...` : key);
    failed = true;
  }
  return failed;
}

/** Decodes an object. Members that fail do not stop the others: all issues are found at once. */
export function objectDecoder(plan: ObjectPlan): Decoder {
  const { members, strict, tracksParents } = plan;
  return (value, run, depth) => {
    if (!isRecord(value)) return mismatch(run, "object", value);
    if (depth >= MAX_DEPTH) return tooDeep(run);
    if (tracksParents) run.parents?.push(value);
    const out: Record<string, unknown> = {};
    let mark = run.count;
    let failed = false;
    for (let index = 0; index < members.length; index++) {
      const member = members[index]!;
      const result = member.special
        ? readInTree(member, value, plan, run, depth)
        : readPlain(member, rawValue(value, member), run, depth);
      if (result === FAIL) {
        run.prefixKey(mark, member.key);
        mark = run.count;
        failed = true;
      } else if (result !== undefined) {
        out[member.name] = result;
      }
    }
    if (tracksParents) run.parents?.pop();
    if (strict && failUnknownKeys(plan, value, run)) failed = true;
    return failed ? FAIL : out;
  };
}

function readPlain(member: Member, raw: unknown, run: Run, depth: number): unknown {
  if (raw === undefined) return member.absent(run, depth);
  if (raw === null) return member.nulled(run, depth);
  return member.decode(raw, run, depth + 1);
}
