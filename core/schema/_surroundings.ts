/**
 * Members whose value depends on what is around them: variables, dependencies, groups.
 *
 * @module
 */

import { unexpectedNull } from "./_container.ts";
import type { Definition } from "./definition.ts";
import type { Member } from "./_member.ts";
import { at, type Decoder, type FAIL, type Run } from "./_run.ts";

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
    if (text) return readVariable(member.definition, member.decodeText, text, run);
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

/** Decodes an environment variable; its name is added to what goes wrong. */
export function readVariable(
  { kind, env }: Definition,
  decodeText: Decoder,
  text: string,
  run: Run,
): unknown {
  const mark = run.count;
  const result = decodeText(kind === "boolean" ? longBoolean(text) : text, run, 0);
  run.addNote(mark, ` (from environment variable ${env})`);
  return result;
}

/** Variables may shorten booleans to a letter; requests may not. */
function longBoolean(text: string): string {
  if (text === "t" || text === "T") return "true";
  return text === "f" || text === "F" ? "false" : text;
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
      `${at(path)}: values for "${on}" and "${key}" should be both provided or both not in "${
        parentOf(path, key)
      }"`,
    { on },
  );
}

function failConflict(run: Run, { key }: Member, on: string): typeof FAIL {
  return run.fail(
    "conflicts",
    (path) => `${at(path)}: set value for either "${on}" or "${key}" in "${parentOf(path, key)}"`,
    { on },
  );
}
