/**
 * Fields that a type does not know.
 *
 * @module
 */

/** A message that keeps what it does not know. */
export interface Keeper {
  /** Fields as they came. */
  $unknown?: Uint8Array | undefined;
}

/** Adds a field, with its tag, to those that `message` keeps. */
export function keepField(message: Keeper, field: Uint8Array): void {
  message.$unknown = message.$unknown === undefined
    ? field.slice()
    : append(message.$unknown, field);
}

/** Bytes in use of the buffers made here: behind them nobody else has written. */
const used = new WeakMap<ArrayBufferLike, number>();

/** Doubles the buffer when it is full: a message of nothing but unknown fields takes linear time. */
function append(kept: Uint8Array, field: Uint8Array): Uint8Array {
  const length = kept.length + field.length;
  const { buffer } = kept;
  const fits = used.get(buffer) === kept.length && length <= buffer.byteLength;
  const joined = new Uint8Array(fits ? buffer : new ArrayBuffer(length * 2));
  if (!fits) joined.set(kept);
  joined.set(field, kept.length);
  used.set(joined.buffer, length);
  return joined.subarray(0, length);
}
