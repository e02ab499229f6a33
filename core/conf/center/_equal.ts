/**
 * Whether two parts of configurations say the same.
 *
 * @module
 */

/** Whether two values as schemas make them are alike, however deep. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (a instanceof Map && b instanceof Map) return isEqual([...a], [...b]);
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqual(member(a, key), member(b, key)));
}

function member(value: object, key: string): unknown {
  return (value as Record<string, unknown>)[key];
}
