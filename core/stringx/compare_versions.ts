/**
 * Compares dotted versions field by field, as numbers: negative if `a` is older, positive if it is newer,
 * 0 if they are equal. So it is a comparator for `toSorted()`.
 *
 * A `v` does not count, a dash counts as a dot, and a field that is no number counts as 0. Of two that
 * agree as far as both go, the one with more fields is newer: `1.0` is newer than `1`. For versions
 * that follow Semantic Versioning, with pre-releases before their release, use `@std/semver`.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * assert(compareVersions("v1.10.0", "1.9") > 0);
 * assertEquals(["1.10", "1.9", "1"].toSorted(compareVersions), ["1", "1.9", "1.10"]);
 * ```
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [fieldsOf(a), fieldsOf(b)];
  const common = Math.min(left.length, right.length);
  for (let i = 0; i < common; i++) {
    if (left[i] !== right[i]) return left[i]! < right[i]! ? -1 : 1;
  }
  return Math.sign(left.length - right.length);
}

function fieldsOf(version: string): number[] {
  const fields = version.replace(/v/gi, "").replaceAll("-", ".").split(".");
  return fields.map((field) => /^\d+$/.test(field) ? Number(field) : 0);
}
