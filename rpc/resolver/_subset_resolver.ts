/**
 * A resolver that gives some of the addresses of another.
 *
 * @module
 */

import type { Resolver } from "./resolver.ts";

/** Chooses addresses. */
export type Choose = (addresses: readonly string[]) => readonly string[];

/** Tells of changes only if they change what is chosen. */
export class SubsetResolver implements Resolver {
  readonly #source: Resolver;
  readonly #choose: Choose;
  readonly #owned: AsyncDisposable;
  readonly #listeners = new Set<{ readonly call: (addresses: readonly string[]) => void }>();
  #watch: Disposable | undefined;
  #chosen: readonly string[] | undefined;

  /** Chooses of what `source` gives. `owned` is disposed with it. */
  constructor(source: Resolver, choose: Choose, owned: AsyncDisposable = source) {
    this.#source = source;
    this.#choose = choose;
    this.#owned = owned;
  }

  async resolve(options?: { signal?: AbortSignal | undefined }): Promise<readonly string[]> {
    this.#follow();
    const addresses = await this.#source.resolve(options);
    return this.#chosen ??= this.#choose(addresses);
  }

  subscribe(listener: (addresses: readonly string[]) => void): Disposable {
    this.#follow();
    const entry = { call: listener };
    this.#listeners.add(entry);
    return { [Symbol.dispose]: () => void this.#listeners.delete(entry) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watch?.[Symbol.dispose]();
    this.#listeners.clear();
    await this.#source[Symbol.asyncDispose]();
    if (this.#owned !== this.#source) await this.#owned[Symbol.asyncDispose]();
  }

  #follow(): void {
    this.#watch ??= this.#source.subscribe((addresses) => {
      const chosen = this.#choose(addresses);
      const isSame = this.#chosen !== undefined && sameItems(chosen, this.#chosen);
      this.#chosen = chosen;
      if (isSame) return;
      for (const { call } of [...this.#listeners]) call(chosen);
    });
  }
}

function sameItems(a: readonly string[], b: readonly string[]): boolean {
  const items = new Set(a);
  return items.size === new Set(b).size && b.every((item) => items.has(item));
}
