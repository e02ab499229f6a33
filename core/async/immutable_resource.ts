import { type Clock, systemClock } from "../clock.ts";
import { requireSpan } from "./argument.ts";
import type { WaitOptions } from "./mutex.ts";
import { type FlightContext, SingleFlight } from "./single_flight.ts";

/** Options for {@link ImmutableResource}. */
export interface ImmutableResourceOptions {
  /**
   * How long a failure is answered again before it is tried anew, in ms, >= 0. With 0 every call tries.
   * @default {1000}
   */
  refreshIntervalMs?: number | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/**
 * A resource that is fetched once and never changes. A failure is kept for a while, so that a source
 * that is down is not asked by every call. `null` and `undefined` are kept as a failure is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * let fetches = 0;
 * const region = new ImmutableResource(() => Promise.resolve(`region ${++fetches}`));
 * assertEquals([await region.get(), await region.get()], ["region 1", "region 1"]);
 * ```
 */
export class ImmutableResource<T> {
  readonly #fetch: (context: FlightContext) => T | PromiseLike<T>;
  readonly #intervalMs: number;
  readonly #clock: Clock;
  readonly #flight = new SingleFlight<undefined, T>();
  /** What is answered without a fetch: for ever, or until `untilMs` has passed. */
  #kept: { answer: () => T; untilMs: number } | undefined;

  /** Makes one that has not been fetched. @throws {RangeError} If the interval is negative. */
  constructor(
    fetch: (context: FlightContext) => T | PromiseLike<T>,
    options: ImmutableResourceOptions = {},
  ) {
    const { refreshIntervalMs = 1000 } = options;
    requireSpan("make immutable resource", { refreshIntervalMs });
    this.#fetch = fetch;
    this.#intervalMs = refreshIntervalMs;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * The resource. Concurrent calls share one fetch.
   *
   * @throws What the last fetch threw, or the reason of `signal` once aborted.
   */
  async get(options: WaitOptions = {}): Promise<T> {
    options.signal?.throwIfAborted();
    if (this.#kept && this.#clock.now() <= this.#kept.untilMs) return this.#kept.answer();
    return await this.#flight.do(undefined, (context) => this.#refresh(context), options);
  }

  async #refresh(context: FlightContext): Promise<T> {
    try {
      const value = await this.#fetch(context);
      this.#keep(() => value, value === null || value === undefined);
      return value;
    } catch (error) {
      // A fetch that everybody gave up says nothing about the source.
      if (!context.signal.aborted) this.#keep(() => rethrow(error), true);
      throw error;
    }
  }

  #keep(answer: () => T, shortly: boolean): void {
    if (!shortly) this.#kept = { answer, untilMs: Infinity };
    else if (this.#intervalMs === 0) this.#kept = undefined;
    else this.#kept = { answer, untilMs: this.#clock.now() + this.#intervalMs };
  }
}

function rethrow(error: unknown): never {
  throw error;
}
