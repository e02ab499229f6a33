/**
 * Where a bloom filter keeps its bits.
 *
 * @module
 */

/** Options of a call to a {@link BitStore}. */
export interface BitStoreOptions {
  /** Ends the wait, rejecting with its reason. */
  signal?: AbortSignal | undefined;
}

/** Bits by offset, all 0 at first, in memory or elsewhere. */
export interface BitStore {
  /** Sets the bits at `offsets` to 1, all or none. */
  set(offsets: readonly number[], options?: BitStoreOptions): void | Promise<void>;
  /** Whether the bits at `offsets` are all 1. */
  check(offsets: readonly number[], options?: BitStoreOptions): boolean | Promise<boolean>;
}

/** Bits in memory. */
export class MemoryBitStore implements BitStore {
  readonly #bits: number;
  readonly #bytes: Uint8Array;

  /** Makes a store of `bits` zeros, an integer from 1 to 2^32. It takes an eighth as many bytes. */
  constructor(bits: number) {
    checkBits("make bit store", bits);
    this.#bits = bits;
    this.#bytes = new Uint8Array(Math.ceil(bits / 8));
  }

  /**
   * Sets the bits at `offsets` to 1.
   *
   * @throws {RangeError} If an offset is not an integer from 0 to `bits` - 1; then no bit is set.
   */
  set(offsets: readonly number[]): void {
    this.#check("set bits", offsets);
    for (const offset of offsets) this.#bytes[offset >>> 3]! |= maskOf(offset);
  }

  /**
   * Whether the bits at `offsets` are all 1.
   *
   * @throws {RangeError} If an offset is not an integer from 0 to `bits` - 1.
   */
  check(offsets: readonly number[]): boolean {
    this.#check("check bits", offsets);
    return offsets.every((offset) => (this.#bytes[offset >>> 3]! & maskOf(offset)) !== 0);
  }

  /** A copy of the bits; the first is the highest of the first byte, as in a Redis bitmap. */
  toBytes(): Uint8Array {
    return this.#bytes.slice();
  }

  #check(what: string, offsets: readonly number[]): void {
    for (const offset of offsets) {
      if (Number.isInteger(offset) && offset >= 0 && offset < this.#bits) continue;
      throw new RangeError(
        `Cannot ${what}: need offsets from 0 to ${this.#bits - 1}, got ${offset}`,
      );
    }
  }
}

function maskOf(offset: number): number {
  return 0x80 >> (offset & 7);
}

/** Throws a `RangeError` unless `bits` is an integer from 1 to 2^32, the most a Redis bitmap holds. */
export function checkBits(what: string, bits: number): void {
  if (Number.isInteger(bits) && bits >= 1 && bits <= 2 ** 32) return;
  throw new RangeError(`Cannot ${what}: need an integer bits from 1 to 2^32, got ${bits}`);
}
