/**
 * Loops over packed numbers: they touch a buffer alone, and no fields of a reader or writer.
 *
 * @module
 */

import { checkInt32, wrongType } from "./scalar_check.ts";

/** Most bytes of an `int32`: negative ones are written as 64 bits. */
export const INT32_BYTES = 10;

/**
 * Writes `int32`s at `at`, where there is room for {@link INT32_BYTES} each.
 *
 * @returns Where they end.
 */
export function writeInt32s(
  bytes: Uint8Array,
  at: number,
  values: readonly number[],
  from: number,
  to: number,
): number {
  for (let index = from; index < to; index++) {
    let value = values[index]!;
    checkInt32("int32", value);
    const isNegative = value < 0;
    value >>>= 0;
    if (isNegative) {
      at = writeNegative(bytes, at, value);
      continue;
    }
    while (value > 0x7f) {
      bytes[at++] = value & 0x7f | 0x80;
      value >>>= 7;
    }
    bytes[at++] = value;
  }
  return at;
}

/** Four groups of seven bits, the last four bits with three of the sign, and the rest of the sign. */
function writeNegative(bytes: Uint8Array, at: number, value: number): number {
  for (let shift = 0; shift < 28; shift += 7) bytes[at++] = value >>> shift & 0x7f | 0x80;
  bytes[at++] = value >>> 28 | 0xf0;
  bytes.fill(0xff, at, at + 4);
  bytes[at + 4] = 1;
  return at + 5;
}

/** Writes `double`s at `at`, where there is room. */
export function writeDoubles(view: DataView, at: number, values: readonly number[]): void {
  for (const value of values) {
    if (typeof value !== "number") throw wrongType("double", value);
    view.setFloat64(at, value, true);
    at += 8;
  }
}

/** Adds the `double`s from `at` to `end` to a list. */
export function readDoubles(view: DataView, at: number, end: number, into: number[]): void {
  let index = into.length;
  // Growing once is four times as fast as pushing.
  into.length += (end - at) / 8;
  for (; at < end; at += 8) into[index++] = view.getFloat64(at, true);
}

/** Adds the `float`s from `at` to `end` to a list. */
export function readFloats(view: DataView, at: number, end: number, into: number[]): void {
  let index = into.length;
  into.length += (end - at) / 4;
  for (; at < end; at += 4) into[index++] = view.getFloat32(at, true);
}
