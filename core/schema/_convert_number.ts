/**
 * Numbers from JSON values and from text, by width.
 *
 * @module
 */

import type { IntegerKind } from "./definition.ts";
import { ExactNumber } from "./exact_number.ts";
import { at, type FAIL, mismatch, quote, type Run } from "./_run.ts";

/** How one kind of scalar is read. */
export interface Conversion {
  /** Reads a value of the kind's own JSON type. */
  readonly native: (value: unknown, run: Run) => unknown;
  /** Reads text. */
  readonly text: (text: string, run: Run) => unknown;
}

const MAX_SAFE = Number.MAX_SAFE_INTEGER;

/** The bounds of each integer kind; 64-bit kinds stop where a JS number stops being exact. */
const BOUNDS: Readonly<Record<IntegerKind, readonly [low: number, high: number]>> = {
  int: [-MAX_SAFE, MAX_SAFE],
  int8: [-128, 127],
  int16: [-32_768, 32_767],
  int32: [-2_147_483_648, 2_147_483_647],
  int64: [-MAX_SAFE, MAX_SAFE],
  uint: [0, MAX_SAFE],
  uint8: [0, 255],
  uint16: [0, 65_535],
  uint32: [0, 4_294_967_295],
  uint64: [0, MAX_SAFE],
};

/** The bounds of an integer kind, both included. */
export function boundsOf(kind: IntegerKind): readonly [low: number, high: number] {
  return BOUNDS[kind];
}

function invalidSyntax(run: Run, kind: string, text: string): typeof FAIL {
  const shown = quote(text);
  return run.fail("type", (path) => `${at(path)}: parsing ${shown} as ${kind}: invalid syntax`, {
    expected: kind,
  });
}

function outOfRange(run: Run, kind: string, text: string, low: unknown, high: unknown) {
  const shown = quote(text);
  return run.fail(
    "int_range",
    (path) => `${at(path)}: parsing ${shown} as ${kind}: value out of range [${low}:${high}]`,
    { low: String(low), high: String(high) },
  );
}

/**
 * Whether `text` is a base-10 integer: an optional sign and digits. `plusToo` allows a leading `+`,
 * which text may have and JSON may not.
 */
function isInteger(text: string, plusToo: boolean): boolean {
  const first = text.charCodeAt(0);
  let index = first === 45 || (plusToo && first === 43) ? 1 : 0;
  if (index === text.length) return false;
  for (; index < text.length; index++) {
    const char = text.charCodeAt(index);
    if (char < 48 || char > 57) return false;
  }
  return true;
}

/** Reads an integer kind as a JS number, never rounded. */
export function integerConversion(kind: IntegerKind): Conversion {
  const [low, high] = BOUNDS[kind];
  const text = (text: string, run: Run) => {
    if (!isInteger(text, true)) return invalidSyntax(run, kind, text);
    // Past 2^53 the nearest double may be a neighbour, but it is outside the bounds all the same.
    const value = Number(text);
    if (!(value >= low && value <= high)) return outOfRange(run, kind, text, low, high);
    return value === 0 ? 0 : value; // No -0.
  };
  const native = (value: unknown, run: Run) => {
    if (typeof value === "number") {
      if (value >= low && value <= high && Math.trunc(value) === value) return value;
      return Number.isInteger(value)
        ? outOfRange(run, kind, String(value), low, high)
        : invalidSyntax(run, kind, String(value));
    }
    if (value instanceof ExactNumber) return text(value.text, run);
    if (typeof value === "bigint") return text(String(value), run);
    return mismatch(run, "number", value);
  };
  return { native, text };
}

const MIN_BIGINT = -(2n ** 63n);
const MAX_BIGINT = 2n ** 64n - 1n;

/** Reads 64-bit integers, signed or not, without loss. */
export function bigintConversion(): Conversion {
  const inBounds = (value: bigint, run: Run) =>
    value >= MIN_BIGINT && value <= MAX_BIGINT
      ? value
      : outOfRange(run, "bigint", String(value), MIN_BIGINT, MAX_BIGINT);
  const text = (text: string, run: Run) => {
    if (!isInteger(text, true)) return invalidSyntax(run, "bigint", text);
    // A million digits would take BigInt seconds; no 64-bit integer has more than 20 and a sign.
    if (text.length > 64) return outOfRange(run, "bigint", text, MIN_BIGINT, MAX_BIGINT);
    return inBounds(BigInt(text[0] === "+" ? text.slice(1) : text), run);
  };
  const native = (value: unknown, run: Run) => {
    if (typeof value === "bigint") return inBounds(value, run);
    if (typeof value === "number") {
      if (Number.isSafeInteger(value)) return BigInt(value);
      return Number.isInteger(value)
        ? outOfRange(run, "bigint", String(value), -MAX_SAFE, MAX_SAFE)
        : invalidSyntax(run, "bigint", String(value));
    }
    if (value instanceof ExactNumber) return text(value.text, run);
    return mismatch(run, "number", value);
  };
  return { native, text };
}

const MAX_FLOAT32 = 3.4028234663852886e38;

/** Whether `text` is a decimal number with optional fraction and exponent. */
function isDecimal(text: string): boolean {
  let index = 0;
  const digits = () => {
    const start = index;
    while (index < text.length && text.charCodeAt(index) >= 48 && text.charCodeAt(index) <= 57) {
      index++;
    }
    return index - start;
  };
  if (text[index] === "-" || text[index] === "+") index++;
  let count = digits();
  if (text[index] === ".") {
    index++;
    count += digits();
  }
  if (count === 0) return false;
  if (text[index] === "e" || text[index] === "E") {
    index++;
    if (text[index] === "-" || text[index] === "+") index++;
    if (digits() === 0) return false;
  }
  return index === text.length;
}

/** Reads floats. NaN and the infinities are refused. A float32 keeps the digits it came with. */
export function floatConversion(kind: "float32" | "float64"): Conversion {
  const limit = kind === "float32" ? MAX_FLOAT32 : Number.MAX_VALUE;
  const checked = (value: number, text: string | number, run: Run) => {
    if (value >= -limit && value <= limit) return value;
    const shown = quote(text);
    return run.fail(
      "range",
      (path) => `${at(path)}: parsing ${shown} as ${kind}: value out of range`,
    );
  };
  const text = (text: string, run: Run) =>
    isDecimal(text) ? checked(Number(text), text, run) : invalidSyntax(run, kind, text);
  const native = (value: unknown, run: Run) => {
    if (typeof value === "number") return checked(value, value, run);
    if (value instanceof ExactNumber) return checked(Number(value.text), value.text, run);
    if (typeof value === "bigint") return checked(Number(value), String(value), run);
    return mismatch(run, "number", value);
  };
  return { native, text };
}
