/** A part that a process has once, as one of its users holds it. */
export interface Lease<T> extends AsyncDisposable {
  /** The part. */
  readonly value: T;
  /** Whether it was made by somebody else, who asked for something different. */
  readonly differs: boolean;
}

interface Held<T> {
  readonly key: string;
  readonly value: Promise<T>;
  users: number;
}

/**
 * A part that a process has once, however many services it runs: made for the first that asks, disposed
 * when the last has gone.
 */
export class ProcessWide<T extends AsyncDisposable | Disposable> {
  #held: Held<T> | undefined;

  /**
   * The part, made by `make` if there is none.
   *
   * @param key Stands for what is asked for, to tell whether a part that is there is the same.
   * @throws What `make` throws; the next who asks tries again.
   */
  async lease(key: string, make: () => T | Promise<T>): Promise<Lease<T>> {
    const held = this.#held ??= { key, value: Promise.try(make), users: 0 };
    held.users++;
    let value: T;
    try {
      value = await held.value;
    } catch (error) {
      if (this.#held === held) this.#held = undefined;
      throw error;
    }
    const differs = held.key !== key;
    let returned: Promise<void> | undefined;
    return { value, differs, [Symbol.asyncDispose]: () => returned ??= this.#return(held, value) };
  }

  async #return(held: Held<T>, value: T): Promise<void> {
    if (--held.users > 0) return;
    if (this.#held === held) this.#held = undefined;
    if (Symbol.asyncDispose in value) await value[Symbol.asyncDispose]();
    else value[Symbol.dispose]();
  }
}
