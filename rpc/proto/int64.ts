/**
 * Integers of 64 bits from their halves.
 *
 * @module
 */

const scratch = new DataView(new ArrayBuffer(8));

/** The unsigned integer of two halves, whatever their sign. */
export function unsigned64(low: number, high: number): bigint {
  scratch.setInt32(0, low, true);
  scratch.setInt32(4, high, true);
  return scratch.getBigUint64(0, true);
}

/** The signed integer of two halves, whatever their sign. */
export function signed64(low: number, high: number): bigint {
  scratch.setInt32(0, low, true);
  scratch.setInt32(4, high, true);
  return scratch.getBigInt64(0, true);
}
