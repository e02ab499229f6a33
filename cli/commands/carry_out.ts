/**
 * What all generators do with what they planned.
 *
 * @module
 */

import { type Diagnostic, hasErrors } from "../api/diagnostic.ts";
import type { Invocation } from "../command.ts";
import { EXIT_FOUND, EXIT_OK } from "../errors.ts";
import type { FlagValues } from "../flags.ts";
import type { GeneratedFile } from "../generate/generated_file.ts";
import { shellWord } from "../generate/shell_word.ts";
import type { Generation } from "../generate/manifest.ts";
import { applyChanges, type Change, isDifference, planChanges } from "../generate/writer.ts";
import { reportDiagnostics, type Sources } from "../report.ts";
import { reportChanges } from "./report_changes.ts";

/** What a generator made of its sources. */
export interface Planned {
  /** Absolute path of the target folder. */
  readonly dir: string;
  /** Who generates, and from what. */
  readonly by: Generation;
  /** The files; `undefined` when there are errors. */
  readonly files: readonly GeneratedFile[] | undefined;
  /** Everything found in the sources. */
  readonly diagnostics: readonly Diagnostic[];
  /** Texts of the sources. */
  readonly sources: Sources;
}

/** What {@link carryOut} did. */
export interface Outcome {
  /** Exit code of the command. */
  readonly exitCode: number;
  /** What changed, or would change; none when there are errors. */
  readonly changes: readonly Change[];
  /** Whether the changes have been written. */
  readonly writes: boolean;
}

/** Tells what was found, then writes the files into the folder, or shows what that would change. */
export async function carryOut(planned: Planned, invocation: Invocation): Promise<Outcome> {
  const { dir, by, files, diagnostics, sources } = planned;
  const { flags, json, terminal } = invocation;
  if (!json) reportDiagnostics(diagnostics, sources, terminal);
  if (files === undefined || hasErrors(diagnostics)) {
    if (json) terminal.print(JSON.stringify({ ok: false, diagnostics, files: [] }, null, 2));
    return { exitCode: EXIT_FOUND, changes: [], writes: false };
  }
  const prune = flags.on("prune");
  const forceOnce = flags.text("force-once");
  const changes = await planChanges(dir, files, by, { forceOnce, prune });
  const writes = !flags.on("check") && !flags.on("diff") && !flags.on("dry-run");
  if (writes) await applyChanges(dir, changes, { prune });
  const ok = !flags.on("check") || !changes.some(isDifference);
  if (json) {
    const files = changes.map(({ kind, path }) => ({ kind, path }));
    terminal.print(JSON.stringify({ ok, diagnostics, files }, null, 2));
  } else reportChanges(changes, { ...invocation, writes, prune });
  return { exitCode: ok ? EXIT_OK : EXIT_FOUND, changes, writes };
}

/** Flags as words, of those among `names` that are on or have a value of their own: for a `gen` task. */
export function flagWords(names: readonly string[], flags: FlagValues): string[] {
  return names.flatMap((name) => {
    if (flags.on(name)) return [`--${name}`];
    const text = flags.text(name);
    return text === undefined || DEFAULTS.has(text) ? [] : [`--${name} ${shellWord(text)}`];
  });
}

/** Values of flags that go without saying. */
const DEFAULTS = new Set(["go_zero", "number"]);
