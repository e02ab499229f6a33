import type { Breaker, RunOptions } from "./breaker.ts";
import { noopBreaker } from "./noop_breaker.ts";
import { SreBreaker, type SreBreakerOptions } from "./sre_breaker.ts";

/** Options for {@link BreakerGroup}, and for the breakers it makes. */
export interface BreakerGroupOptions extends Omit<SreBreakerOptions, "name"> {
  /**
   * Most breakers kept at a time, an integer >= 1. Names often come from data, so there must be a bound.
   * @default {100_000}
   */
  maxBreakers?: number | undefined;
}

/** Entries looked at for each breaker made. More than one, so that dead names go faster than new ones come. */
const SWEEP = 4;

/**
 * Breakers by name, made when first asked for.
 *
 * One that has recorded nothing for longer than its window knows nothing, so it is dropped when others
 * are made; a reference to it stays good. If all `maxBreakers` are busy, the one that was made or
 * looked over longest ago goes.
 *
 * @example One breaker for each instance and method
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const breakers = new BreakerGroup();
 * const breaker = breakers.get(breakerKey("10.0.0.7:8080", "/orders.Orders/Get"));
 * assertEquals(await breaker.run(() => "order 7"), "order 7");
 * assertEquals(breaker.name, "10.0.0.7:8080 /orders.Orders/Get");
 * ```
 */
export class BreakerGroup {
  readonly #options: BreakerGroupOptions;
  readonly #maxBreakers: number;
  readonly #breakers = new Map<string, SreBreaker>();
  readonly #disabled = new Set<string>();

  /**
   * Makes an empty group.
   *
   * @throws {RangeError} If a number is out of range.
   */
  constructor(options: BreakerGroupOptions = {}) {
    const { maxBreakers = 100_000 } = options;
    if (!(Number.isInteger(maxBreakers) && maxBreakers >= 1)) {
      throw new RangeError(
        `Cannot make breaker group: need an integer maxBreakers >= 1, got ${maxBreakers}`,
      );
    }
    new SreBreaker({ ...options, name: "" }); // Wrong options are told now, not with the first call.
    this.#options = options;
    this.#maxBreakers = maxBreakers;
  }

  /** Number of breakers kept. */
  get size(): number {
    return this.#breakers.size;
  }

  /** The breaker of this name. Callers of a fixed name keep the answer and save the lookup. */
  get(name: string): Breaker {
    return this.#breakers.get(name) ?? this.#make(name);
  }

  /** Runs `fn` behind the breaker of this name. */
  run<T>(name: string, fn: () => T | PromiseLike<T>, options?: RunOptions<T>): Promise<T> {
    return this.get(name).run(fn, options);
  }

  /** Gives out a breaker that refuses nothing under this name from now on. */
  disable(name: string): void {
    this.#disabled.add(name);
    this.#breakers.delete(name);
  }

  /** The breakers kept now. */
  [Symbol.iterator](): IterableIterator<Breaker> {
    return this.#breakers.values();
  }

  #make(name: string): Breaker {
    if (this.#disabled.has(name)) return noopBreaker;
    this.#sweep();
    const breaker = new SreBreaker({ ...this.#options, name });
    this.#breakers.set(name, breaker);
    return breaker;
  }

  /** Looks at the oldest few: drops the idle, and sends the others to the end of the queue. */
  #sweep(): void {
    let looked = 0;
    for (const [name, breaker] of this.#breakers) {
      if (looked++ === SWEEP) break;
      this.#breakers.delete(name);
      if (!breaker.isIdle) this.#breakers.set(name, breaker);
    }
    if (this.#breakers.size < this.#maxBreakers) return;
    for (const name of this.#breakers.keys()) {
      this.#breakers.delete(name);
      break;
    }
  }
}

/** The name of the breaker of one method of one instance: a bad instance must not cut off the good. */
export function breakerKey(instance: string, method: string): string {
  return `${instance} ${method}`;
}
