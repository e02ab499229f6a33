/**
 * Scanning of integers and durations.
 *
 * @module
 */

/** What stands at a digit. */
export interface NumberScan {
  /** An integer, a duration, or a duration that breaks off. */
  readonly kind: "int" | "duration" | "illegal";
  /** Offset behind it; of an illegal one the offset of the character that does not fit. */
  readonly end: number;
}

/** Units from large to small; each may follow only larger ones. */
const UNITS = ["h", "m", "s", "ms", "\u00b5s", "ns"];

/**
 * Scans the number at `start`, a digit. Digits directly before one of `n`, `µ`, `m`, `s`, `h` must
 * form a duration: parts from large to small units, no spaces, no fractions.
 */
export function scanNumber(text: string, start: number): NumberScan {
  let at = skipDigits(text, start);
  if (!/[n\u00b5msh]/.test(text.charAt(at))) return { kind: "int", end: at };
  let rank = -1;
  for (;;) {
    const unit = unitAt(text, at);
    if (unit === undefined) return { kind: "illegal", end: brokenAt(text, at) };
    const found = UNITS.indexOf(unit);
    if (found <= rank) return { kind: "illegal", end: at };
    rank = found;
    at += unit.length;
    const next = skipDigits(text, at);
    if (next === at) return { kind: "duration", end: at };
    at = next;
  }
}

function unitAt(text: string, at: number): string | undefined {
  const two = text.slice(at, at + 2);
  if (UNITS.includes(two)) return two;
  return UNITS.includes(two.charAt(0)) ? two.charAt(0) : undefined;
}

/** `n` and `µ` are units only with their `s`, so what breaks off stands behind them. */
function brokenAt(text: string, at: number): number {
  return /[n\u00b5]/.test(text.charAt(at)) ? at + 1 : at;
}

function skipDigits(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at++;
  return at;
}

/** Whether a UTF-16 unit is `0` to `9`. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
