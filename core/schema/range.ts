/**
 * Numeric bounds in the notation of mathematics: `[0:150]`, `(0:1)`, `[1:]`.
 *
 * @module
 */

/** Parsed bounds. An absent bound is an infinity. */
export interface Range {
  /** Lower bound. */
  readonly low: number;
  /** Upper bound. */
  readonly high: number;
  /** Whether `low` itself is allowed. */
  readonly includesLow: boolean;
  /** Whether `high` itself is allowed. */
  readonly includesHigh: boolean;
}

/**
 * Reads bounds: `[` and `]` include the bound, `(` and `)` exclude it, either bound may be empty.
 *
 * @throws {SyntaxError} If the text is no range, or no number can be in it.
 * @example
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 * const range = parseRange("[1:10)");
 * assert(inRange(range, 9));
 * assertFalse(inRange(range, 10));
 * ```
 */
export function parseRange(text: string): Range {
  const open = text[0];
  const close = text[text.length - 1];
  const parts = text.slice(1, -1).split(":");
  const [lowText, highText] = parts;
  if (
    text.length < 3 || (open !== "[" && open !== "(") || (close !== "]" && close !== ")") ||
    parts.length !== 2 || (lowText === "" && highText === "")
  ) {
    throw new SyntaxError(`Cannot parse range: need "[low:high]", got "${text}"`);
  }
  const range: Range = {
    low: readBound(lowText, -Infinity, text),
    high: readBound(highText, Infinity, text),
    includesLow: open === "[",
    includesHigh: close === "]",
  };
  const empty = range.low > range.high ||
    (range.low === range.high && !(range.includesLow && range.includesHigh));
  if (empty) throw new SyntaxError(`Cannot parse range: no number is in "${text}"`);
  return range;
}

function readBound(text: string | undefined, missing: number, whole: string): number {
  const trimmed = text?.trim() ?? "";
  if (trimmed === "") return missing;
  const bound = Number(trimmed);
  if (Number.isNaN(bound)) {
    throw new SyntaxError(`Cannot parse range: bound "${trimmed}" of "${whole}" is no number`);
  }
  return bound;
}

/** Whether `value` is inside the bounds. */
export function inRange(range: Range, value: number | bigint): boolean {
  return (range.includesLow ? value >= range.low : value > range.low) &&
    (range.includesHigh ? value <= range.high : value < range.high);
}
