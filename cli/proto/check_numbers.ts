/**
 * Checks numbers and ranges of them.
 *
 * @module
 */

import type { FieldNode, MessageNode, RangeNode } from "./ast.ts";
import type { ReportProblem } from "./check_report.ts";

/** Field numbers that the wire format keeps for itself. */
const KEPT: readonly [number, number] = [19_000, 19_999];

/** Checks the numbers of fields, and the reserved ones. */
export function checkNumbers(message: MessageNode, report: ReportProblem): void {
  const { fields, reserved, reservedNames, extensionRanges } = message;
  const taken = [...reserved, ...extensionRanges];
  checkRanges(taken, report);
  const names = new Map<number, string>();
  for (const { name, number, numberPos, pos } of fields) {
    const before = names.get(number);
    const why = before !== undefined
      ? `"${before}" has it`
      : isIn(number, reserved)
      ? "it is reserved"
      : isIn(number, extensionRanges)
      ? "it is one of the extensions"
      : number >= KEPT[0] && number <= KEPT[1]
      ? `${KEPT[0]} to ${KEPT[1]} belong to protobuf`
      : undefined;
    if (why !== undefined) {
      const free = `the next free number is ${nextFree(fields, taken)}`;
      report(numberPos, "E-number", `Cannot number field "${name}" ${number}: ${why}`, free);
    }
    if (reservedNames.includes(name)) {
      report(pos, "E-reserved", `Cannot declare field "${name}": the name is reserved`);
    }
    names.set(number, name);
  }
}

/** Checks that no number is in two ranges. */
export function checkRanges(ranges: readonly RangeNode[], report: ReportProblem): void {
  const sorted = [...ranges].sort((a, b) => a.from - b.from);
  for (const [index, { from, to, pos }] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before === undefined || before.to < from) continue;
    const message = `Cannot keep ${from} to ${to}: ${before.from} to ${before.to} is kept already`;
    report(pos, "E-reserved", message);
  }
}

/** Whether a number is in one of the ranges. */
export function isIn(number: number, ranges: readonly RangeNode[]): boolean {
  return ranges.some(({ from, to }) => number >= from && number <= to);
}

function nextFree(fields: readonly FieldNode[], ranges: readonly RangeNode[]): number {
  const used = new Set(fields.map(({ number }) => number));
  for (let number = 1;; number++) {
    const range = ranges.find(({ from, to }) => number >= from && number <= to);
    if (range !== undefined) number = range.to;
    else if (number >= KEPT[0] && number <= KEPT[1]) number = KEPT[1];
    else if (!used.has(number)) return number;
  }
}
