/**
 * How many connections there may be.
 *
 * @module
 */

/** Options of {@link ConnectionCaps}; 0 is no limit. */
export interface ConnectionCapsOptions {
  /** Most at once. */
  total: number;
  /** Most at once of one address. */
  perAddress: number;
}

/** Counts the connections of each address and says when there are too many. */
export class ConnectionCaps {
  readonly #total: number;
  readonly #perAddress: number;
  readonly #open = new Map<string, number>();
  #count = 0;

  /** Makes a count of none. */
  constructor({ total, perAddress }: ConnectionCapsOptions) {
    this.#total = total || Infinity;
    this.#perAddress = perAddress || Infinity;
  }

  /** Connections that are open. */
  get size(): number {
    return this.#count;
  }

  /** Counts a connection of `address`, or returns undefined if that would be one too many. */
  tryOpen(address: string): Disposable | undefined {
    const open = this.#open.get(address) ?? 0;
    if (this.#count >= this.#total || open >= this.#perAddress) return undefined;
    this.#count++;
    this.#open.set(address, open + 1);
    let closed = false;
    return {
      [Symbol.dispose]: () => {
        if (closed) return;
        closed = true;
        this.#close(address);
      },
    };
  }

  #close(address: string): void {
    this.#count--;
    const open = this.#open.get(address)! - 1;
    // An address that is gone must leave nothing behind, or every client would leak an entry.
    if (open === 0) this.#open.delete(address);
    else this.#open.set(address, open);
  }
}
