/**
 * One pass over a JSON text that decides whether the platform's parser may read it.
 *
 * @module
 */

/** What {@link scanJson} found. */
export type JsonScan =
  /** Every number is exact as a JS number: the platform's parser loses nothing. */
  | "plain"
  /** Some number says more than a JS number holds. */
  | "exact"
  /** Objects and lists are nested deeper than allowed. */
  | "too_deep";

const QUOTE = 34;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const UPPER_E = 69;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const LOWER_E = 101;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/**
 * Looks for numbers whose literal form matters and for deep nesting. Does not check the grammar:
 * that is the parser's work, and no text can make this pass overflow.
 */
export function scanJson(text: string, maxDepth: number): JsonScan {
  const end = text.length;
  let depth = 0;
  let exact = false;
  for (let index = 0; index < end; index++) {
    const char = text.charCodeAt(index);
    if (char === QUOTE) {
      index = stringEnd(text, index + 1);
    } else if (char <= NINE) {
      if (char < ZERO ? char !== MINUS : false) continue;
      const stop = numberEnd(text, index);
      exact ||= isTelling(text, index, stop);
      index = stop - 1;
    } else if (char === OPEN_OBJECT || char === OPEN_LIST) {
      if (++depth > maxDepth) return "too_deep";
    } else if (char === CLOSE_OBJECT || char === CLOSE_LIST) {
      depth--;
    }
  }
  return exact ? "exact" : "plain";
}

/** Index of the closing quote of the string whose content starts at `start`. */
function stringEnd(text: string, start: number): number {
  let index = start;
  for (; index < text.length; index++) {
    const char = text.charCodeAt(index);
    if (char === QUOTE) break;
    if (char === BACKSLASH) index++;
  }
  return index;
}

function numberEnd(text: string, start: number): number {
  let index = start + 1;
  for (; index < text.length; index++) {
    const char = text.charCodeAt(index);
    if (char >= ZERO && char <= NINE) continue;
    const part = char === DOT || char === LOWER_E || char === UPPER_E || char === MINUS ||
      char === 43;
    if (!part) break;
  }
  return index;
}

/**
 * Whether the number in `text[start, stop)` may read differently from what it says. Up to 15 digits
 * survive a double; a trailing zero of a fraction, an exponent and `-0` do not.
 */
function isTelling(text: string, start: number, stop: number): boolean {
  const first = text.charCodeAt(start) === MINUS ? start + 1 : start;
  if (stop - first > 15) return true;
  let dot = -1;
  for (let index = first; index < stop; index++) {
    const char = text.charCodeAt(index);
    if (char === DOT) dot = index;
    else if (char < ZERO || char > NINE) return true;
  }
  if (dot < 0) return first !== start && text.charCodeAt(first) === ZERO; // -0
  if (text.charCodeAt(stop - 1) === ZERO) return true; // 2.50
  // Below 1e-6 a JS number writes itself with an exponent.
  return text.startsWith("0.000000", first);
}
