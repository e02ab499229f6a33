/**
 * Memory for the most recently used keys and no more.
 *
 * Two generations: what is used moves to the young one; when that is full, or old enough, it becomes the
 * old one and the old one is dropped whole. Next to a list of all keys in the order of use this needs no
 * pointer writes for a hit, no timer, and no sweep.
 */
export class RecentKeys<V> {
  readonly #maxKeys: number;
  readonly #idleMs: number;
  #young = new Map<string, V>();
  #old = new Map<string, V>();
  #turnsAtMs = -Infinity;

  /** Keeps at least `maxKeys` keys, at most twice as many, and none unused for two `idleMs`. */
  constructor(maxKeys: number, idleMs: number) {
    this.#maxKeys = maxKeys;
    this.#idleMs = idleMs;
  }

  /** Number of keys that are remembered. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** The value of `key`, if it is remembered. Counts as a use. `nowMs` must not run backwards. */
  get(key: string, nowMs: number): V | undefined {
    if (nowMs >= this.#turnsAtMs) this.#turn(nowMs);
    return this.#young.get(key) ?? this.#promote(key, nowMs);
  }

  /** Remembers `value` for a key that {@link get} has just not found. */
  add(key: string, value: V, nowMs: number): void {
    if (this.#young.size >= this.#maxKeys) this.#turn(nowMs);
    this.#young.set(key, value);
  }

  #promote(key: string, nowMs: number): V | undefined {
    const value = this.#old.get(key);
    if (value === undefined) return undefined;
    this.#old.delete(key);
    this.add(key, value, nowMs);
    return value;
  }

  #turn(nowMs: number): void {
    // After a pause of two turns both generations are stale.
    const bothStale = nowMs >= this.#turnsAtMs + this.#idleMs;
    this.#old = bothStale ? new Map() : this.#young;
    this.#young = new Map();
    this.#turnsAtMs = nowMs + this.#idleMs;
  }
}
