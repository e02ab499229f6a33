/**
 * The last few of many values.
 *
 * @module
 */

/**
 * Keeps the last `capacity` values added. Iterating gives them oldest first and takes nothing out.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const ring = new Ring<number>(3);
 * for (let i = 1; i <= 5; i++) ring.add(i);
 * assertEquals([...ring], [3, 4, 5]);
 * ```
 */
export class Ring<T> implements Iterable<T> {
  readonly #values: T[] = [];
  readonly #capacity: number;
  /** Where the next value goes, which is where the oldest is once the ring is full. */
  #next = 0;

  /** Makes an empty ring for `capacity` values, an integer >= 1. */
  constructor(capacity: number) {
    if (!(Number.isInteger(capacity) && capacity >= 1)) {
      throw new RangeError(`Cannot make ring: need an integer capacity >= 1, got ${capacity}`);
    }
    this.#capacity = capacity;
  }

  /** Number of values kept. */
  get size(): number {
    return this.#values.length;
  }

  /** Adds a value; a full ring drops its oldest. */
  add(value: T): void {
    this.#values[this.#next] = value;
    this.#next = this.#next + 1 === this.#capacity ? 0 : this.#next + 1;
  }

  /** A copy of the values, oldest first. */
  toArray(): T[] {
    const oldest = this.size < this.#capacity ? 0 : this.#next;
    return [...this.#values.slice(oldest), ...this.#values.slice(0, oldest)];
  }

  /** Iterates over a copy of the values, oldest first. */
  [Symbol.iterator](): Iterator<T> {
    return this.toArray().values();
  }
}
