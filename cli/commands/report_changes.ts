/**
 * Tells what a generator changed.
 *
 * @module
 */

import type { Invocation } from "../command.ts";
import { unifiedDiff } from "../generate/diff.ts";
import { type Change, isDifference } from "../generate/writer.ts";
import { count } from "../report.ts";

/** What {@link reportChanges} is told beside the invocation. */
export interface ReportOptions extends Invocation {
  /** Whether the changes have been written. */
  readonly writes: boolean;
  /** Whether orphans have been deleted. */
  readonly prune: boolean;
}

/** Says what a generator changed, or would change. */
export function reportChanges(changes: readonly Change[], options: ReportOptions): void {
  const { flags, terminal, writes, prune } = options;
  if (flags.on("diff")) return printDiffs(changes, options);
  if (!writes) {
    for (const change of changes) {
      if (flags.on("dry-run") || isDifference(change)) terminal.print(changeLine(change));
    }
  } else {
    const written = changes.filter(({ kind }) => kind === "create" || kind === "update").length;
    const kept = changes.filter(({ kind }) => kind === "keep").length;
    terminal.info(`${count(written, "file")} written, ${count(kept, "file")} of yours kept`);
  }
  const left = changes.filter(({ kind }) => kind === "orphan" || (kind === "delete" && !prune));
  if (left.length > 0 && writes) reportOrphans(left, options);
}

function reportOrphans(left: readonly Change[], { args, terminal }: Invocation): void {
  terminal.error(`No longer in ${args[0]}:`);
  for (const { kind, path } of left) {
    terminal.error(`  ${path} (${kind === "delete" ? "--prune deletes it" : "yours to delete"})`);
  }
}

function changeLine({ kind, path }: Change): string {
  return `${kind.padEnd(8)}${path}`;
}

function printDiffs(changes: readonly Change[], { terminal }: Invocation): void {
  for (const change of changes.filter(isDifference)) {
    const { kind, path, before, after } = change;
    const names = {
      from: kind === "create" ? "/dev/null" : path,
      to: kind === "delete" ? "/dev/null" : path,
    };
    const isText = typeof before === "string" && typeof after === "string";
    terminal.print(
      isText
        ? unifiedDiff(before, after, names).trimEnd()
        : `Binary files ${names.from} and ${names.to} differ`,
    );
  }
}
