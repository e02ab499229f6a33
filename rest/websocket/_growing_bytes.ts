/**
 * Bytes that come bit by bit.
 *
 * @module
 */

const FIRST_BYTES = 128;

/** A buffer that grows with what is put into it, to twice of that at most. */
export class GrowingBytes {
  readonly #maxBytes: number;
  #bytes = new Uint8Array();
  #length = 0;

  /** Makes an empty buffer that never holds more than `maxBytes`. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes that it holds. */
  get length(): number {
    return this.#length;
  }

  /** Room for `count` more, to be filled. */
  extend(count: number): Uint8Array {
    const length = this.#length + count;
    if (length > this.#bytes.length) this.#grow(length);
    const room = this.#bytes.subarray(this.#length, length);
    this.#length = length;
    return room;
  }

  /** What it holds, in a buffer of just that size; it is empty afterwards. */
  take(): Uint8Array<ArrayBuffer> {
    const whole = this.#bytes.length === this.#length
      ? this.#bytes
      : this.#bytes.slice(0, this.#length);
    this.#bytes = new Uint8Array();
    this.#length = 0;
    return whole;
  }

  #grow(length: number): void {
    const size = Math.max(length, Math.min(this.#maxBytes, 2 * this.#bytes.length, 2 * length));
    const grown = new Uint8Array(this.#length === 0 ? length : Math.max(size, FIRST_BYTES));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
