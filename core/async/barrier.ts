import { Mutex, type WaitOptions } from "./mutex.ts";

/**
 * Guards a section of code: functions that pass through it run one after another, in the order of
 * asking. A {@link Mutex} that cannot be left locked.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const barrier = new Barrier();
 * let inside = 0;
 * const enter = () => barrier.guard(async () => {
 *   assertEquals(++inside, 1);
 *   await Promise.resolve();
 *   inside--;
 * });
 * await Promise.all([enter(), enter()]);
 * ```
 */
export class Barrier {
  readonly #mutex = new Mutex();

  /** Runs `fn` alone. Throws what `fn` throws, or the reason of `signal` if that ends the wait. */
  async guard<T>(fn: () => T | PromiseLike<T>, options: WaitOptions = {}): Promise<T> {
    return await this.#mutex.run(fn, options);
  }
}
