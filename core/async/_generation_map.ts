/** How many entries are young at most. Small enough to stay in the processor's cache. */
const YOUNG_LIMIT = 512;

/**
 * A map for entries of which most leave soon after they came, while many others stay.
 *
 * A `Map` of 100,000 entries in which one entry comes and goes copies itself over and over: removed
 * entries leave holes, and the whole table is written anew to be rid of them. Here entries come and go
 * in a small map, and those that stay are moved to a large one, once each.
 */
export class GenerationMap<K, V extends object> {
  #young = new Map<K, V>();
  readonly #old = new Map<K, V>();

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(key: K): V | undefined {
    return this.#young.get(key) ?? (this.#old.size > 0 ? this.#old.get(key) : undefined);
  }

  /** Adds an entry; `key` must not be there yet. */
  add(key: K, value: V): void {
    if (this.#young.size >= YOUNG_LIMIT) this.#grow();
    this.#young.set(key, value);
  }

  delete(key: K): void {
    if (!this.#young.delete(key) && this.#old.size > 0) this.#old.delete(key);
  }

  #grow(): void {
    for (const [key, value] of this.#young) this.#old.set(key, value);
    this.#young = new Map();
  }
}
