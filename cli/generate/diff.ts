/**
 * Differences between two texts, in the unified format.
 *
 * @module
 */

/** Lines of context around a change. */
const CONTEXT = 3;

/** Names of the two texts. */
export interface DiffNames {
  /** Name of the old text, `/dev/null` for none. */
  from: string;
  /** Name of the new text. */
  to: string;
}

interface Edit {
  readonly mark: " " | "-" | "+";
  readonly line: string;
}

/**
 * The unified diff of two texts; `""` when they are equal.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(
 *   unifiedDiff("a\n", "b\n", { from: "x", to: "x" }),
 *   "--- x\n+++ x\n@@ -1,1 +1,1 @@\n-a\n+b\n",
 * );
 * ```
 */
export function unifiedDiff(before: string, after: string, { from, to }: DiffNames): string {
  if (before === after) return "";
  const edits = editsOf(linesOf(before), linesOf(after));
  return `--- ${from}\n+++ ${to}\n${hunksOf(edits).join("")}`;
}

/** Lines without their end; a last line that has none says so, as diff does. */
function linesOf(text: string): string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  const last = lines.pop()!;
  if (last !== "") lines.push(`${last}\n\\ No newline at end of file`);
  return lines;
}

/** Equal head and tail are set aside, the middle is compared by longest common subsequence. */
function editsOf(before: readonly string[], after: readonly string[]): Edit[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const keep = (line: string): Edit => ({ mark: " ", line });
  return [
    ...before.slice(0, head).map(keep),
    ...middleEdits(
      before.slice(head, before.length - tail),
      after.slice(head, after.length - tail),
    ),
    ...before.slice(before.length - tail).map(keep),
  ];
}

/** Largest table of the comparison; beyond it the middle is shown as replaced. */
const MAX_CELLS = 4_000_000;

function middleEdits(before: readonly string[], after: readonly string[]): Edit[] {
  const width = after.length + 1;
  const edits: Edit[] = [];
  let [i, j] = [0, 0];
  if ((before.length + 1) * width <= MAX_CELLS) {
    const lengths = commonLengths(before, after);
    while (i < before.length && j < after.length) {
      if (before[i] === after[j]) {
        edits.push({ mark: " ", line: before[i]! });
        [i, j] = [i + 1, j + 1];
      } else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) {
        edits.push({ mark: "-", line: before[i++]! });
      } else {
        edits.push({ mark: "+", line: after[j++]! });
      }
    }
  }
  for (const line of before.slice(i)) edits.push({ mark: "-", line });
  for (const line of after.slice(j)) edits.push({ mark: "+", line });
  return edits;
}

/** Cell `i * width + j`: length of the longest common subsequence of the tails from `i` and `j`. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i * width + j] = before[i] === after[j]
        ? lengths[(i + 1) * width + j + 1]! + 1
        : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  return lengths;
}

function hunksOf(edits: readonly Edit[]): string[] {
  const hunks: string[] = [];
  let [oldLine, newLine, index] = [1, 1, 0];
  while (index < edits.length) {
    const change = edits.findIndex((edit, at) => at >= index && edit.mark !== " ");
    if (change < 0) break;
    const start = Math.max(index, change - CONTEXT);
    oldLine += start - index;
    newLine += start - index;
    const end = hunkEnd(edits, change);
    const lines = edits.slice(start, end);
    const olds = lines.filter(({ mark }) => mark !== "+").length;
    const news = lines.filter(({ mark }) => mark !== "-").length;
    // An empty side is counted from the line before it.
    const [oldAt, newAt] = [olds === 0 ? oldLine - 1 : oldLine, news === 0 ? newLine - 1 : newLine];
    hunks.push(
      `@@ -${oldAt},${olds} +${newAt},${news} @@\n` +
        lines.map(({ mark, line }) => `${mark}${line}\n`).join(""),
    );
    oldLine += olds;
    newLine += news;
    index = end;
  }
  return hunks;
}

/** Where the hunk ends that holds the change at `change`: changes close together share one. */
function hunkEnd(edits: readonly Edit[], change: number): number {
  let last = change;
  for (let at = change; at < edits.length && at - last <= 2 * CONTEXT; at++) {
    if (edits[at]!.mark !== " ") last = at;
  }
  return Math.min(edits.length, last + CONTEXT + 1);
}
