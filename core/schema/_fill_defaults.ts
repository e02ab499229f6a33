/**
 * Objects made of defaults alone.
 *
 * @module
 */

import { compile } from "./_compile.ts";
import { type Definition, resolve } from "./definition.ts";
import { ValidationError } from "./errors.ts";
import { copyDefault } from "./_presence.ts";
import { Run } from "./_run.ts";
import { readVariable } from "./_surroundings.ts";

/** Options for `fillDefaults`. */
export interface FillOptions {
  /** Reads an environment variable for fields with `env`. Without it they read none. */
  env?: ((name: string) => string | undefined) | undefined;
}

/**
 * An object of the defaults and environment variables of `definition`, optional members included.
 *
 * @throws {ValidationError} If a variable does not fit its field.
 */
export function fillDefaults(
  definition: Definition,
  options: FillOptions = {},
): Record<string, unknown> {
  const run = new Run(options);
  const value = fill(definition, run, new Set());
  if (run.count > 0) throw new ValidationError(run.issues(), "fill defaults");
  return value;
}

function fill(
  definition: Definition,
  run: Run,
  above: ReadonlySet<Definition>,
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  const around = new Set(above).add(definition);
  for (const [name, member] of Object.entries(definition.fields ?? {})) {
    if (member.ignored) continue;
    const mark = run.count;
    const value = fillMember(member, run, around);
    // Also where the problem is further inside, for every level names itself.
    if (run.count > mark) run.prefixKey(mark, name);
    else if (value !== undefined) out[name] = value;
  }
  return out;
}

function fillMember(member: Definition, run: Run, around: ReadonlySet<Definition>): unknown {
  const text = member.env === undefined ? undefined : run.env?.(member.env);
  if (text) return readVariable(member, compile(member, "text"), text, run);
  if (member.default !== undefined) return copyDefault(member.default);
  const resolved = resolve(member);
  if (resolved.kind === "map" && !member.optional) return Object.create(null);
  // A type that contains itself would never end.
  if (resolved.kind !== "object" || around.has(resolved)) return undefined;
  return fill(resolved, run, around);
}
