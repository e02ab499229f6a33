/**
 * Checks that values are what a scalar type can hold, before they are written.
 *
 * @module
 */

const scratch = new DataView(new ArrayBuffer(8));

/** Checks an `int32`. */
export function checkInt32(type: string, value: number): void {
  if (typeof value !== "number" || (value | 0) !== value) throw wrongNumber(type, value);
}

/** Checks a `uint32`. */
export function checkUint32(type: string, value: number): void {
  if (typeof value !== "number" || value >>> 0 !== value) throw wrongNumber(type, value);
}

/** Checks an `int64`; leaves its halves in {@link low64} and {@link high64}. */
export function checkInt64(type: string, value: bigint): void {
  if (typeof value !== "bigint") throw wrongType(type, value);
  scratch.setBigInt64(0, value, true);
  if (scratch.getBigInt64(0, true) !== value) throw wrongNumber(type, value);
}

/** Checks a `uint64`; leaves its halves in {@link low64} and {@link high64}. */
export function checkUint64(type: string, value: bigint): void {
  if (typeof value !== "bigint") throw wrongType(type, value);
  scratch.setBigUint64(0, value, true);
  if (scratch.getBigUint64(0, true) !== value) throw wrongNumber(type, value);
}

/** The low half of the last integer of 64 bits that was checked. */
export function low64(): number {
  return scratch.getInt32(0, true);
}

/** The high half of it. */
export function high64(): number {
  return scratch.getInt32(4, true);
}

/** Checks a `float`: a number that would become infinite is none. */
export function checkFloat(value: number): void {
  if (typeof value !== "number") throw wrongType("float", value);
  if (Number.isFinite(value) && !Number.isFinite(Math.fround(value))) {
    throw wrongNumber("float", value);
  }
}

/** What to throw when `value` is of another type than the field. */
export function wrongType(type: string, value: unknown): TypeError {
  return new TypeError(`need a ${type}, got ${value === null ? "null" : typeof value}`);
}

function wrongNumber(type: string, value: unknown): RangeError | TypeError {
  return typeof value === "number" || typeof value === "bigint" && type.endsWith("64")
    ? new RangeError(`${value} is no ${type}`)
    : wrongType(type, value);
}
