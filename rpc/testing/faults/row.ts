/**
 * What a run found out.
 *
 * @module
 */

import { failures, reasons, type Sample } from "./load.ts";

/** One line of the table. */
export interface Row {
  /** Which scenario. */
  readonly id: string;
  /** What was done and what was looked at. */
  readonly what: string;
  /** What came of it. */
  readonly measured: string;
  /** What was to come of it. */
  readonly target: string;
  /** Whether it did. */
  readonly ok: boolean;
}

/** A row for a figure that must not be above `limit`. */
export function atMost(
  id: string,
  what: string,
  value: number,
  limit: number,
  unit: string = "",
): Row {
  const measured = `${round(value)}${unit}`;
  return { id, what, measured, target: `<= ${round(limit)}${unit}`, ok: value <= limit };
}

/** A row for something that holds or does not. */
export function holds(id: string, what: string, ok: boolean, measured: string = ""): Row {
  return { id, what, measured: measured || (ok ? "yes" : "no"), target: "yes", ok };
}

/** A row for calls of which none may fail; says why some did. */
export function noneFails(id: string, what: string, samples: readonly Sample[]): Row {
  const failed = failures(samples);
  const measured = failed === 0 ? "0" : `${failed} (${reasons(samples)})`;
  const of = `${what}: calls that fail, of ${samples.length}`;
  return { id, what: of, measured, target: "0", ok: failed === 0 };
}

/** Rows as text, under each other. */
export function formatRows(rows: readonly Row[]): string {
  const lines = rows.map(({ id, what, measured, target, ok }) => [
    id,
    what,
    measured,
    target,
    ok ? "met" : "MISSED",
  ]);
  const all = [["row", "what", "measured", "target", ""], ...lines];
  const widths = all[0]!.map((_, i) => Math.max(...all.map((line) => line[i]!.length)));
  return all.map((line) => line.map((cell, i) => cell.padEnd(widths[i]!)).join("  ").trimEnd())
    .join("\n");
}

function round(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
}
