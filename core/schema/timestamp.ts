/**
 * Instants as RFC 3339 text.
 *
 * @module
 */

/** `0` any digit, all else itself. */
const PATTERN = "0000-00-00T00:00:00";

function matchesPattern(text: string): boolean {
  for (let index = 0; index < PATTERN.length; index++) {
    const char = text.charCodeAt(index);
    const expected = PATTERN.charCodeAt(index);
    if (expected === 48 ? char < 48 || char > 57 : char !== expected) return false;
  }
  return true;
}

/** Index after the run of digits that starts at `start`. */
function digitsEnd(text: string, start: number): number {
  let end = start;
  while (text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end++;
  return end;
}

function isOffset(text: string): boolean {
  if (text === "Z") return true;
  if (text.length !== 6 || (text[0] !== "+" && text[0] !== "-") || text[3] !== ":") return false;
  if (digitsEnd(text, 1) !== 3 || digitsEnd(text, 4) !== 6) return false;
  return Number(text.slice(1, 3)) <= 23 && Number(text.slice(4)) <= 59;
}

/** Days of a month; `Date` itself would carry 30 February over into March. */
function isDayOfMonth(text: string): boolean {
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8, 10));
  if (day < 1 || month < 1 || month > 12) return false;
  if (day <= 28) return true;
  const year = Number(text.slice(0, 4));
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day <= days;
}

/**
 * Reads an RFC 3339 instant, such as `2024-01-02T03:04:05Z`. Digits below a millisecond are dropped.
 *
 * @returns The instant, or undefined if `text` is none.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(readTimestamp("2024-01-02T03:04:05+01:00")?.toISOString(), "2024-01-02T02:04:05.000Z");
 * assertEquals(readTimestamp("2024-02-30T00:00:00Z"), undefined);
 * ```
 */
export function readTimestamp(text: string): Date | undefined {
  if (text.length > 64 || !matchesPattern(text) || !isDayOfMonth(text)) return undefined;
  if (Number(text.slice(11, 13)) > 23) return undefined; // `Date` takes 24:00.
  let end = PATTERN.length;
  if (text[end] === ".") {
    const fraction = digitsEnd(text, end + 1);
    if (fraction === end + 1) return undefined;
    end = fraction;
  }
  if (!isOffset(text.slice(end))) return undefined;
  const timeMs = Date.parse(text);
  return Number.isNaN(timeMs) ? undefined : new Date(timeMs);
}
