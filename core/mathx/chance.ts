/**
 * Decisions and numbers by chance, with the source of chance passed in.
 *
 * @module
 */

import { type Random, systemRandom } from "../clock.ts";

/** Options for {@link happens} and {@link Jitter}. */
export interface ChanceOptions {
  /** Uniform in [0, 1). @default {systemRandom} */
  random?: Random;
}

/**
 * True with the given probability: never for 0 or less, always for 1 or more.
 *
 * @throws {RangeError} If `probability` is not a number.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(happens(0.3, { random: () => 0.29 }), true);
 * assertEquals(happens(0.3, { random: () => 0.3 }), false);
 * ```
 */
export function happens(probability: number, options: ChanceOptions = {}): boolean {
  if (Number.isNaN(probability)) {
    throw new RangeError("Cannot decide by chance: need a probability, got NaN");
  }
  const { random = systemRandom } = options;
  return random() < probability;
}

/**
 * Spreads numbers around a base, so that what was started together does not end together.
 *
 * @example Let entries of a cache live 95 to 105 seconds
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const jitter = new Jitter(0.05, { random: () => 0 });
 * assertEquals(jitter.around(100_000), 105_000);
 * ```
 */
export class Jitter {
  readonly #deviation: number;
  readonly #random: Random;

  /**
   * Makes a jitter of `deviation`: 0.05 is 5% to either side. It is taken as 0 if less and as 1 if more.
   *
   * @throws {RangeError} If `deviation` is not a number.
   */
  constructor(deviation: number, options: ChanceOptions = {}) {
    if (Number.isNaN(deviation)) {
      throw new RangeError("Cannot make jitter: need a deviation, got NaN");
    }
    this.#deviation = Math.min(Math.max(deviation, 0), 1);
    this.#random = options.random ?? systemRandom;
  }

  /** A number from above `(1 - deviation) * base` to `(1 + deviation) * base`, cut to an integer. */
  around(base: number): number {
    return Math.trunc((1 + this.#deviation - 2 * this.#deviation * this.#random()) * base);
  }
}
