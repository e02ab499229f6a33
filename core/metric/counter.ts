/**
 * A total that only grows: requests served, bytes sent, failures.
 *
 * A counter is one series. Get it once and keep it, so that counting costs an addition.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const counter = new Counter();
 * counter.inc();
 * counter.inc(2.5);
 * assertEquals(counter.value, 3.5);
 * ```
 */
export class Counter {
  #value = 0;

  /** The total so far. */
  get value(): number {
    return this.#value;
  }

  /**
   * Adds `by`.
   *
   * @throws {RangeError} If `by` is negative, infinite or not a number: a total never falls.
   */
  inc(by: number = 1): void {
    if (!(by >= 0 && by < Infinity)) {
      throw new RangeError(`Cannot add to counter: need a finite number >= 0, got ${by}`);
    }
    this.#value += by;
  }
}
