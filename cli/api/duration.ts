/**
 * Durations as `timeout` takes them.
 *
 * @module
 */

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  "\u00b5s": 1e-3,
  "\u03bcs": 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** The longest duration that 64 bits of nanoseconds hold, in ms. */
const MAX_MS = 2 ** 63 / 1e6;

/**
 * Reads a duration such as `1h30m`, `1.5s` or `0`, in ms. Undefined when it is none, or longer than
 * about 292 years.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseDuration("1m30s"), 90_000);
 * assertEquals(parseDuration("3"), undefined);
 * ```
 */
export function parseDuration(text: string): number | undefined {
  if (text === "0") return 0;
  const part = /(\d+(?:\.\d*)?|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/y;
  let total = 0;
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    if (match === null) return undefined;
    total += Number(match[1]) * (UNIT_MS[match[2] ?? ""] ?? 0);
  }
  return text !== "" && total < MAX_MS ? total : undefined;
}
