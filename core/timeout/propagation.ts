/**
 * What one service tells the next about the time that is left.
 *
 * @module
 */

/**
 * The request header that carries the time left, in whole milliseconds. An instant would need clocks that
 * agree; a span needs none, and only the time on the wire is not counted.
 */
export const TIMEOUT_HEADER = "zeno-timeout-ms";

/** Ten digits, as in Connect's header of the same meaning: almost four months. */
const LARGEST_MS = 9_999_999_999;

/**
 * Writes the time left for {@link TIMEOUT_HEADER}. Rounds down: the callee must not believe that it has
 * longer than the caller waits.
 *
 * @param remainingMs Time left in ms, >= 0.
 * @returns The text, or `undefined` for `Infinity`: then there is nothing to send.
 * @throws {RangeError} If `remainingMs` is not >= 0.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Deadline } from "@zeno/zeno/core/timeout";
 * assertEquals([formatTimeoutMs(249.9), formatTimeoutMs(Infinity)], ["249", undefined]);
 * using deadline = new Deadline(300);
 * const headers = { [TIMEOUT_HEADER]: formatTimeoutMs(deadline.remainingMs)! };
 * assertEquals(Object.keys(headers), ["zeno-timeout-ms"]);
 * ```
 */
export function formatTimeoutMs(remainingMs: number): string | undefined {
  if (!(remainingMs >= 0)) {
    throw new RangeError(`Cannot format timeout: need remainingMs >= 0, got ${remainingMs}`);
  }
  return remainingMs === Infinity
    ? undefined
    : String(Math.min(LARGEST_MS, Math.floor(remainingMs)));
}

/**
 * Reads what {@link formatTimeoutMs} writes. A time may be 0: the caller has given up by then.
 *
 * @param text The value of the header; `null` if there is none.
 * @returns Time left in ms, or `undefined` if there was no header.
 * @throws {SyntaxError} If the text is not one to ten digits.
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * assertEquals(parseTimeoutMs("250"), 250);
 * assertEquals(parseTimeoutMs(null), undefined);
 * assertThrows(() => parseTimeoutMs("1e9"), SyntaxError);
 * ```
 */
export function parseTimeoutMs(text: string | null): number | undefined {
  if (text === null) return undefined;
  if (!/^\d{1,10}$/.test(text)) {
    // The text is a stranger's: its length says enough.
    throw new SyntaxError(
      `Cannot parse ${TIMEOUT_HEADER}: need 1 to 10 digits, got ${text.length} characters`,
    );
  }
  return Number(text);
}
