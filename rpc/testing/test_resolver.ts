/**
 * A list of addresses that a test changes.
 *
 * @module
 */

import type { Resolver } from "../resolver/resolver.ts";

/** A list of addresses that a test changes. */
export class TestResolver implements Resolver {
  /** The addresses now. */
  addresses: readonly string[];
  readonly #listeners = new Set<(addresses: readonly string[]) => void>();

  /** Makes a list. */
  constructor(addresses: readonly string[]) {
    this.addresses = addresses;
  }

  /** The addresses now. */
  resolve(): Promise<readonly string[]> {
    return Promise.resolve(this.addresses);
  }

  /** Tells `listener` of every {@link update}. */
  subscribe(listener: (addresses: readonly string[]) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Replaces the list. */
  update(...addresses: string[]): void {
    this.addresses = addresses;
    for (const listener of this.#listeners) listener(addresses);
  }

  /** Does nothing. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
