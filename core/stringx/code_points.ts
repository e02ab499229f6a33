/**
 * Parts of texts, counted in code points, so that no character outside the basic plane is cut in two.
 *
 * @module
 */

/**
 * The first `count` code points of `text`, and `ellipsis` after them if something was cut off.
 *
 * @param count Less than 1 gives nothing.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(firstCodePoints("anything that we use", 8, "..."), "anything...");
 * assertEquals(firstCodePoints("我是中国人", 2), "我是");
 * ```
 */
export function firstCodePoints(text: string, count: number, ellipsis = ""): string {
  if (!(count > 0)) return "";
  let seen = 0;
  let units = 0;
  for (const character of text) {
    if (++seen > count) return text.slice(0, units) + ellipsis;
    units += character.length;
  }
  return text;
}

/**
 * The code points of `text` from `start` up to, not including, `stop`.
 *
 * @throws {RangeError} If `start` is not an integer from 0 to the number of code points, or `stop` none from
 * `start` to that number.
 */
export function sliceCodePoints(text: string, start: number, stop: number): string {
  const characters = Array.from(text);
  const { length } = characters;
  if (!(Number.isInteger(start) && start >= 0 && start <= length)) {
    throw new RangeError(`Cannot slice text: need start from 0 to ${length}, got ${start}`);
  }
  if (!(Number.isInteger(stop) && stop >= start && stop <= length)) {
    throw new RangeError(`Cannot slice text: need stop from ${start} to ${length}, got ${stop}`);
  }
  return characters.slice(start, stop).join("");
}

/** The code points of `text` backwards. */
export function reverseCodePoints(text: string): string {
  return Array.from(text).reverse().join("");
}

/** `text` without the code points that `isRemoved` says yes to. */
export function removeCodePoints(text: string, isRemoved: (character: string) => boolean): string {
  return Array.from(text).filter((character) => !isRemoved(character)).join("");
}

/** `text` with its first character in lower case, as a name of a variable made from that of a type. */
export function lowerFirst(text: string): string {
  const [first = ""] = text;
  return first.toLowerCase() + text.slice(first.length);
}

/** The parts that are not empty, with `separator` between them. */
export function joinNonEmpty(separator: string, ...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(separator);
}
