/**
 * Where a service is.
 *
 * @module
 */

/** Knows the addresses of a service, `host:port` each. */
export interface Resolver {
  /**
   * The addresses now. Rejects with `signal.reason` once aborted.
   */
  resolve(options?: { signal?: AbortSignal | undefined }): Promise<readonly string[]>;
  /** Tells `listener` of every list of addresses from now on, until the answer is disposed. */
  subscribe(listener: (addresses: readonly string[]) => void): Disposable;
}

const ADDRESS = /^(\[[0-9A-Fa-f:.]+\]|[^\s/?#@\\:]+):\d{1,5}$/;

/**
 * Checks that a text is `host:port`, with IPv6 in brackets.
 *
 * @throws {SyntaxError} If it is not.
 */
export function checkAddress(address: string): string {
  if (ADDRESS.test(address)) return address;
  throw new SyntaxError(`Cannot use address ${JSON.stringify(address)}: need host:port`);
}

/**
 * A list of addresses that changes only when told to.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const users = new StaticResolver(["10.0.0.1:8080"]);
 * using _watch = users.subscribe((addresses) => assertEquals(addresses.length, 2));
 * users.update(["10.0.0.1:8080", "10.0.0.2:8080"]);
 * assertEquals(await users.resolve(), ["10.0.0.1:8080", "10.0.0.2:8080"]);
 * ```
 */
export class StaticResolver implements Resolver {
  #addresses: readonly string[] = [];
  readonly #listeners = new Set<{ readonly call: (addresses: readonly string[]) => void }>();

  /**
   * Makes a resolver of these addresses.
   *
   * @throws {SyntaxError} If one is not `host:port`.
   */
  constructor(addresses: readonly string[]) {
    this.#addresses = addresses.map(checkAddress);
  }

  /** The addresses as they are now. */
  resolve(): Promise<readonly string[]> {
    return Promise.resolve(this.#addresses);
  }

  /** Tells `listener` of every {@link update}. */
  subscribe(listener: (addresses: readonly string[]) => void): Disposable {
    const entry = { call: listener };
    this.#listeners.add(entry);
    return { [Symbol.dispose]: () => void this.#listeners.delete(entry) };
  }

  /**
   * Replaces the addresses.
   *
   * @throws {SyntaxError} If one is not `host:port`.
   */
  update(addresses: readonly string[]): void {
    this.#addresses = addresses.map(checkAddress);
    for (const { call } of this.#listeners) call(this.#addresses);
  }
}
