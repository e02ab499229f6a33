/**
 * Values in tag options: literals of a type and ranges.
 *
 * @module
 */

/** Smallest and largest value of the integer types; `int` and `uint` have 64 bits. */
const INT_RANGES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int: signed(64n),
  int8: signed(8n),
  int16: signed(16n),
  int32: signed(32n),
  int64: signed(64n),
  rune: signed(32n),
  uint: unsigned(64n),
  uint8: unsigned(8n),
  uint16: unsigned(16n),
  uint32: unsigned(32n),
  uint64: unsigned(64n),
  uintptr: unsigned(64n),
  byte: unsigned(8n),
};

function signed(bits: bigint): readonly [bigint, bigint] {
  return [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
}

function unsigned(bits: bigint): readonly [bigint, bigint] {
  return [0n, 2n ** bits - 1n];
}

const BOOL = /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;
const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Whether a base type holds numbers that can be compared. */
export function isNumeric(base: string): boolean {
  return Object.hasOwn(INT_RANGES, base) || base === "float32" || base === "float64";
}

/** Whether `text` is a value of the base type. Types that are not checked take anything. */
export function isLiteral(base: string, text: string): boolean {
  if (base === "bool") return BOOL.test(text);
  if (base === "float32" || base === "float64") return FLOAT.test(text);
  const range = Object.hasOwn(INT_RANGES, base) ? INT_RANGES[base] : undefined;
  if (range === undefined) return true;
  if (!/^[+-]?\d{1,40}$/.test(text)) return false;
  const value = BigInt(text.replace(/^\+/, ""));
  return value >= range[0] && value <= range[1];
}

/** A range of numbers. */
export interface NumberRange {
  /** Lower bound, `-Infinity` when it is left out. */
  readonly min: number;
  /** Upper bound, `Infinity` when it is left out. */
  readonly max: number;
  /** Whether the lower bound itself is in. */
  readonly minIncluded: boolean;
  /** Whether the upper bound itself is in. */
  readonly maxIncluded: boolean;
}

/**
 * Reads `[0:150]`, `(0:1]`, `[:9)`. Undefined when it is malformed or holds no number.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseRange("[1:)"), {
 *   min: 1,
 *   max: Infinity,
 *   minIncluded: true,
 *   maxIncluded: false,
 * });
 * assertEquals(parseRange("(1:1]"), undefined);
 * ```
 */
export function parseRange(text: string): NumberRange | undefined {
  const match = /^([[(])([^:]*):([^:]*)([\])])$/.exec(text);
  if (match === null) return undefined;
  const [lower, upper] = [(match[2] ?? "").trim(), (match[3] ?? "").trim()];
  if (lower === "" && upper === "") return undefined;
  if ((lower !== "" && !FLOAT.test(lower)) || (upper !== "" && !FLOAT.test(upper))) {
    return undefined;
  }
  const min = lower === "" ? -Infinity : Number(lower);
  const max = upper === "" ? Infinity : Number(upper);
  const minIncluded = match[1] === "[";
  const maxIncluded = match[4] === "]";
  if (min > max || (min === max && !(minIncluded && maxIncluded))) return undefined;
  return { min, max, minIncluded, maxIncluded };
}

/** Whether a number lies in a range. */
export function isInRange(value: number, range: NumberRange): boolean {
  if (value < range.min || (value === range.min && !range.minIncluded)) return false;
  return value < range.max || (value === range.max && range.maxIncluded);
}
