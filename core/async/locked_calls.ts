import { Mutex, type WaitOptions } from "./mutex.ts";

/**
 * Runs calls of one key one after another, each with its own result, and calls of different keys
 * concurrently. Where `SingleFlight` shares one run, this makes each caller's run wait its turn.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const calls = new LockedCalls<string>();
 * let balance = 10;
 * const withdraw = async () => {
 *   const read = balance;
 *   await Promise.resolve();
 *   balance = read - 1;
 * };
 * await Promise.all([calls.do("ann", withdraw), calls.do("ann", withdraw)]);
 * assertEquals(balance, 8);
 * ```
 */
export class LockedCalls<K> {
  readonly #mutexes = new Map<K, Mutex>();

  /** Number of keys with calls that run or wait. */
  get size(): number {
    return this.#mutexes.size;
  }

  /** Runs `fn` when the earlier calls of `key` are done. Throws what it throws, or `signal`'s reason. */
  async do<T>(key: K, fn: () => T | PromiseLike<T>, options: WaitOptions = {}): Promise<T> {
    options.signal?.throwIfAborted();
    let mutex = this.#mutexes.get(key);
    if (!mutex) {
      mutex = new Mutex();
      this.#mutexes.set(key, mutex);
    }
    const lock = await mutex.lock(options);
    try {
      return await fn();
    } finally {
      lock.release();
      if (!mutex.locked) this.#mutexes.delete(key);
    }
  }
}
