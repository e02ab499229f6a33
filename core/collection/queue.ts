/**
 * A first-in, first-out queue that takes from its front in constant time.
 *
 * @module
 */

/** Up to this capacity a full queue doubles; beyond, it grows by about a quarter. */
const DOUBLING_LIMIT = 256;

/**
 * A queue in a ring of slots that grows when it is full. `Array.shift` moves every element of a long
 * array; this moves none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const queue = new Queue<string>();
 * queue.put("first");
 * queue.put("second");
 * assertEquals([queue.take(), queue.size], ["first", 1]);
 * ```
 */
export class Queue<T> {
  #slots: (T | undefined)[];
  #capacity: number;
  #head = 0;
  #size = 0;

  /** Makes an empty queue with room for `capacity` values, an integer >= 1, before it grows. */
  constructor(capacity = 16) {
    if (!(Number.isInteger(capacity) && capacity >= 1)) {
      throw new RangeError(`Cannot make queue: need an integer capacity >= 1, got ${capacity}`);
    }
    this.#capacity = capacity;
    this.#slots = new Array(capacity);
  }

  /** Number of values that wait. */
  get size(): number {
    return this.#size;
  }

  /** Number of values there is room for. */
  get capacity(): number {
    return this.#capacity;
  }

  /** Adds a value at the end. */
  put(value: T): void {
    if (this.#size === this.#capacity) this.#grow();
    const end = this.#head + this.#size;
    this.#slots[end < this.#capacity ? end : end - this.#capacity] = value;
    this.#size++;
  }

  /** Takes the oldest value, or gives `undefined` if none waits. */
  take(): T | undefined {
    if (this.#size === 0) return undefined;
    const value = this.#slots[this.#head];
    this.#slots[this.#head] = undefined; // So that it can be collected.
    this.#head = this.#head + 1 === this.#capacity ? 0 : this.#head + 1;
    this.#size--;
    return value;
  }

  #grow(): void {
    const old = this.#capacity;
    const extra = old < DOUBLING_LIMIT ? old : (old + 3 * DOUBLING_LIMIT) >> 2;
    const slots = new Array<T | undefined>(old + extra);
    for (let i = 0; i < this.#size; i++) slots[i] = this.#slots[(this.#head + i) % old];
    this.#slots = slots;
    this.#capacity = old + extra;
    this.#head = 0;
  }
}
