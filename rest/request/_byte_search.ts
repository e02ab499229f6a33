/**
 * Finding one run of bytes in others.
 *
 * @module
 */

/**
 * Finds a needle of at most 255 bytes by skipping ahead, so that a large upload is searched faster than it arrives.
 *
 * @see Horspool, Practical fast searching in strings, Software: Practice and Experience 10 (1980)
 */
export class ByteSearch {
  /** Length of the needle. */
  readonly length: number;
  readonly #needle: Uint8Array;
  readonly #skips: Uint8Array;

  constructor(needle: Uint8Array) {
    const { length } = needle;
    if (length < 1 || length > 255) {
      throw new RangeError(`Cannot search bytes: need a needle of 1 to 255, got ${length}`);
    }
    this.length = length;
    this.#needle = needle;
    this.#skips = new Uint8Array(256).fill(length);
    for (let at = 0; at < length - 1; at++) this.#skips[needle[at]!] = length - 1 - at;
  }

  /** Index of the first needle at or after `from`, or -1. */
  indexIn(bytes: Uint8Array, from: number): number {
    const last = this.length - 1;
    for (let end = from + last; end < bytes.length; end += this.#skips[bytes[end]!]!) {
      let back = last;
      while (back >= 0 && bytes[end - last + back] === this.#needle[back]) back--;
      if (back < 0) return end - last;
    }
    return -1;
  }
}
