import { Waiters } from "./_waiters.ts";

/** Options for what waits. */
export interface WaitOptions {
  /** Ends the wait, rejecting with its reason. */
  signal?: AbortSignal | undefined;
}

/** A held {@link Mutex}. Disposing it lets the next one in; doing so twice does nothing. */
export interface MutexLock extends Disposable {
  /** Lets the next one in. The same as disposing. */
  release(): void;
}

/**
 * Lets one caller in at a time, in the order of asking. For code that awaits between reading and
 * writing shared state; code that does not await needs none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const mutex = new Mutex();
 * const seen: string[] = [];
 * const write = (name: string) =>
 *   mutex.run(async () => {
 *     seen.push(`${name} in`);
 *     await Promise.resolve();
 *     seen.push(`${name} out`);
 *   });
 * await Promise.all([write("a"), write("b")]);
 * assertEquals(seen, ["a in", "a out", "b in", "b out"]);
 * ```
 */
export class Mutex {
  readonly #waiters = new Waiters<void>();
  #locked = false;

  /** Whether somebody is in. */
  get locked(): boolean {
    return this.#locked;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiters.size;
  }

  /** Waits for its turn. Release the answer, best with `using`. */
  async lock(options: WaitOptions = {}): Promise<MutexLock> {
    options.signal?.throwIfAborted();
    if (this.#locked) await this.#waiters.wait(options.signal);
    this.#locked = true;
    return this.#held();
  }

  /** Takes the lock if it is free; never waits. */
  tryLock(): MutexLock | undefined {
    if (this.#locked) return undefined;
    this.#locked = true;
    return this.#held();
  }

  /** Runs `fn` while holding the lock. Throws what `fn` throws, or the reason of `signal`. */
  async run<T>(fn: () => T | PromiseLike<T>, options: WaitOptions = {}): Promise<T> {
    using _lock = await this.lock(options);
    return await fn();
  }

  #held(): MutexLock {
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      // Stays locked when handed over, so nobody slips in between.
      this.#locked = this.#waiters.resolveFirst(undefined);
    };
    return { release, [Symbol.dispose]: release };
  }
}
