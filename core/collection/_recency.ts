import { WheelNode } from "./_wheel.ts";

/** What is kept for a key of a cache: a node of the timing wheel and, by {@link Recency}, of the order of use. */
export class CacheEntry<K, V> extends WheelNode {
  newer: CacheEntry<K, V> | undefined;
  older: CacheEntry<K, V> | undefined;

  constructor(public key: K, public value: V) {
    super();
  }
}

/** Entries in the order of their last use. */
export class Recency<K, V> {
  #newest: CacheEntry<K, V> | undefined;
  #oldest: CacheEntry<K, V> | undefined;

  get oldest(): CacheEntry<K, V> | undefined {
    return this.#oldest;
  }

  add(entry: CacheEntry<K, V>): void {
    entry.older = this.#newest;
    if (this.#newest) this.#newest.newer = entry;
    else this.#oldest = entry;
    this.#newest = entry;
  }

  remove(entry: CacheEntry<K, V>): void {
    const { newer, older } = entry;
    if (newer) newer.older = older;
    else this.#newest = older;
    if (older) older.newer = newer;
    else this.#oldest = newer;
    entry.newer = entry.older = undefined;
  }

  /** Makes `entry`, which is in the order, the newest. */
  touch(entry: CacheEntry<K, V>): void {
    if (entry === this.#newest) return;
    this.remove(entry);
    this.add(entry);
  }

  clear(): void {
    this.#newest = this.#oldest = undefined;
  }
}
