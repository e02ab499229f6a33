/**
 * Texts: many keywords found, hidden or replaced in one pass; random strings; parts counted in code points.
 *
 * Case conversion is in `@std/text`; what a line of JavaScript says, such as a list without some of its
 * texts, is not here.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { firstCodePoints, KeywordFilter } from "@zeno/zeno/core/stringx";
 *
 * const filter = new KeywordFilter(["热闹", "闹"], { mask: "#" });
 * assertEquals(filter.filter("今晚真热闹").text, "今晚真##");
 * assertEquals(firstCodePoints("今晚真热闹", 2, "…"), "今晚…");
 * ```
 *
 * @module
 */

export {
  firstCodePoints,
  joinNonEmpty,
  lowerFirst,
  removeCodePoints,
  reverseCodePoints,
  sliceCodePoints,
} from "./code_points.ts";
export { compareVersions } from "./compare_versions.ts";
export { type FilteredText, KeywordFilter, type KeywordFilterOptions } from "./keyword_filter.ts";
export { KeywordReplacer } from "./keyword_replacer.ts";
export { randomId, randomString, type RandomStringOptions } from "./random_string.ts";
