/**
 * Spans of time as text: `1h30m`, `1.5s`, `100ms`.
 *
 * @module
 */

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  "µs": 1e-3, // U+00B5, micro sign
  "μs": 1e-3, // U+03BC, Greek mu
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** No sensible duration is longer; keeps hostile text cheap. */
const MAX_LENGTH = 100;

/** The longest span, in ms: 2^63 - 1 ns, so that a value survives a trip through other services. */
const MAX_MS = 9_223_372_036_854.775;

/**
 * Reads a span of decimals with units `ns us µs ms s m h`, such as `1h30m` or `-1.5s`.
 *
 * @returns Milliseconds, or what is wrong.
 */
export function readDuration(text: string): number | string {
  const negative = text[0] === "-";
  let rest = negative || text[0] === "+" ? text.slice(1) : text;
  if (rest === "0") return 0;
  if (rest === "" || rest.length > MAX_LENGTH) return `invalid duration "${shorten(text)}"`;
  let totalMs = 0;
  while (rest !== "") {
    const digits = decimalLength(rest);
    if (digits === 0) return `invalid duration "${shorten(text)}"`;
    const unitEnd = unitLength(rest, digits);
    if (unitEnd === digits) return `missing unit in duration "${shorten(text)}"`;
    const unit = rest.slice(digits, unitEnd);
    const unitMs = Object.hasOwn(UNIT_MS, unit) ? UNIT_MS[unit] : undefined;
    if (unitMs === undefined) {
      return `unknown unit "${shorten(unit)}" in duration "${shorten(text)}"`;
    }
    totalMs += scale(Number(rest.slice(0, digits)), unitMs);
    rest = rest.slice(unitEnd);
  }
  if (totalMs > MAX_MS) return `invalid duration "${shorten(text)}"`;
  return negative ? -totalMs : totalMs;
}

/**
 * Reads a span of time such as `1h30m`, `1.5s` or `100ms`.
 *
 * @returns Milliseconds; may be fractional or negative.
 * @throws {SyntaxError} If `text` is no duration.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseDuration("1m30s"), 90_000);
 * ```
 */
export function parseDuration(text: string): number {
  const result = readDuration(text);
  if (typeof result === "string") throw new SyntaxError(`Cannot parse duration: ${result}`);
  return result;
}

/**
 * Writes a span so that {@link parseDuration} reads it back.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(formatDuration(90_000), "1m30s");
 * ```
 */
export function formatDuration(durationMs: number): string {
  if (durationMs === 0) return "0s";
  if (!Number.isFinite(durationMs)) {
    throw new RangeError(`Cannot format duration: need a finite number, got ${durationMs}`);
  }
  const sign = durationMs < 0 ? "-" : "";
  const spanMs = Math.abs(durationMs);
  if (spanMs < 1) return `${sign}${decimal(spanMs * 1e6)}ns`;
  if (spanMs < 1_000) return `${sign}${decimal(spanMs)}ms`;
  const hours = Math.floor(spanMs / 3_600_000);
  const minutes = Math.floor((spanMs % 3_600_000) / 60_000);
  const seconds = (spanMs % 60_000) / 1_000;
  return sign + (hours ? `${hours}h` : "") + (minutes ? `${minutes}m` : "") +
    (seconds ? `${decimal(seconds)}s` : "");
}

/** At most nine decimals, without trailing zeros: a nanosecond is the finest unit. */
function decimal(value: number): string {
  return String(Number(value.toFixed(9)));
}

// Dividing keeps `100us` at 0.1; multiplying by 1e-3 would leave rounding dust.
function scale(value: number, unitMs: number): number {
  return unitMs < 1 ? value / Math.round(1 / unitMs) : value * unitMs;
}

/** Length of the leading decimal number, or 0 if there is none. */
function decimalLength(text: string): number {
  let end = 0;
  let digits = 0;
  let dots = 0;
  for (; end < text.length; end++) {
    const char = text.charCodeAt(end);
    if (char === 46 && dots === 0) dots++;
    else if (char >= 48 && char <= 57) digits++;
    else break;
  }
  return digits === 0 ? 0 : end;
}

/** End of the unit that starts at `start`: up to the next digit or dot. */
function unitLength(text: string, start: number): number {
  let end = start;
  for (; end < text.length; end++) {
    const char = text.charCodeAt(end);
    if (char === 46 || (char >= 48 && char <= 57)) break;
  }
  return end;
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
