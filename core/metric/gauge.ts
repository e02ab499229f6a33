/**
 * A figure that goes up and down: connections open, bytes in use. One series.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const gauge = new Gauge();
 * gauge.add(-10);
 * gauge.add(30);
 * assertEquals(gauge.value, 20);
 * ```
 */
export class Gauge {
  #value = 0;

  /** The figure now. */
  get value(): number {
    return this.#value;
  }

  /** Replaces the figure. Any number will do, `NaN` and the infinities too. */
  set(value: number): void {
    this.#value = value;
  }

  /** Adds one. */
  inc(): void {
    this.#value++;
  }

  /** Takes one away. */
  dec(): void {
    this.#value--;
  }

  /** Adds `by`, which may be negative. */
  add(by: number): void {
    this.#value += by;
  }

  /** Takes `by` away. */
  sub(by: number): void {
    this.#value -= by;
  }
}
