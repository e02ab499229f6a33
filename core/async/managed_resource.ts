import type { WaitOptions } from "./mutex.ts";
import { type FlightContext, SingleFlight } from "./single_flight.ts";

/** Options for {@link ManagedResource}. */
export interface ManagedResourceOptions<T> {
  /** Whether two values are the same resource. @default {Object.is} */
  equals?: ((a: T, b: T) => boolean) | undefined;
}

/**
 * A resource that is made when needed and made anew after a user has found it broken.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * let made = 0;
 * const channel = new ManagedResource(() => ({ id: ++made }));
 * const first = await channel.take();
 * channel.markBroken(first);
 * channel.markBroken(first); // A late report of the same fault changes nothing.
 * assertEquals((await channel.take()).id, 2);
 * ```
 */
export class ManagedResource<T> {
  readonly #generate: (context: FlightContext) => T | PromiseLike<T>;
  readonly #equals: (a: T, b: T) => boolean;
  readonly #flight = new SingleFlight<undefined, T>();
  #current: { value: T } | undefined;

  /** Makes one that has no value yet. */
  constructor(
    generate: (context: FlightContext) => T | PromiseLike<T>,
    options: ManagedResourceOptions<T> = {},
  ) {
    this.#generate = generate;
    this.#equals = options.equals ?? Object.is;
  }

  /**
   * The current resource. Concurrent calls that find none share the making of one.
   *
   * @throws What `generate` threw, which is not kept; or the reason of `signal` once aborted.
   */
  async take(options: WaitOptions = {}): Promise<T> {
    options.signal?.throwIfAborted();
    if (this.#current) return this.#current.value;
    return await this.#flight.do(undefined, async (context) => {
      const value = await this.#generate(context);
      this.#current = { value };
      return value;
    }, options);
  }

  /** Lets the next {@link take} make a new one, if `resource` is the current one. */
  markBroken(resource: T): void {
    if (this.#current && this.#equals(this.#current.value, resource)) this.#current = undefined;
  }
}
