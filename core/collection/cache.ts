/**
 * A cache in memory whose entries expire.
 *
 * @module
 */

import { type FlightContext, type FlightOptions, SingleFlight } from "../async/single_flight.ts";
import { type Clock, type Random, systemClock, systemRandom } from "../clock.ts";
import { ServiceError } from "../errors.ts";
import { CacheEntry, Recency } from "./_recency.ts";
import { Wheel } from "./_wheel.ts";

const SLOTS = 300;
/**
 * Ticks of the wheel in each of ours. The first may be near, and late, so an entry waits for two more than its
 * life takes: then it needs no look at the clock, is never early, and late by this many at most.
 */
const WHEEL_TICKS = 3;
const EXTRA_TICKS = 2;
/** Keys that were stored together must not expire together, or their loads hit the source as one. */
const JITTER = 0.05;

/** Options for {@link Cache}. */
export interface CacheOptions {
  /** How long an entry lives, in ms, > 0, give or take 5%. `Infinity` keeps entries for good. */
  expiryMs: number;
  /** Most entries kept, an integer >= 1; those not used for longest go first. @default {Infinity} */
  limit?: number;
  /** How late an expired entry may still be answered, in ms, > 0. @default {1000} */
  tickMs?: number;
  /** Time source. @default {systemClock} */
  clock?: Clock;
  /** Uniform in [0, 1), for the 5%. @default {systemRandom} */
  random?: Random;
}

/** Options for {@link Cache.set}. */
export interface CacheSetOptions {
  /** How long this entry lives, in ms, > 0, give or take 5%. @default {the cache's expiryMs} */
  expiryMs?: number;
}

/** Options for {@link Cache.take}. */
export interface CacheTakeOptions extends CacheSetOptions, FlightOptions {}

/** What a {@link Cache} has seen. */
export interface CacheStats {
  /** Reads that found their key, those that joined another's load included. */
  readonly hits: number;
  /** Reads that did not. A load that fails is neither. */
  readonly misses: number;
  /** Number of entries. */
  readonly size: number;
}

/**
 * Keeps values for a while. An entry is never gone before its time, and at most one tick after it. Reads
 * keep an entry from being evicted but do not prolong its life. Any value can be kept, `undefined` included.
 *
 * @example Load each value once
 * ```ts
 * import { assertEquals } from "@std/assert";
 * using users = new Cache<number, string>({ expiryMs: 60_000, limit: 10_000 });
 * let loads = 0;
 * const load = async (id: number) => `user ${id}, load ${await Promise.resolve(++loads)}`;
 * const seven = () => users.take(7, () => load(7));
 * assertEquals(await Promise.all([seven(), seven()]), ["user 7, load 1", "user 7, load 1"]);
 * assertEquals(users.get(7), "user 7, load 1");
 * assertEquals(users.stats(), { hits: 2, misses: 1, size: 1 });
 * ```
 */
export class Cache<K, V> implements Disposable {
  readonly #expiryMs: number;
  readonly #limit: number;
  readonly #wheelTickMs: number;
  readonly #random: Random;
  readonly #entries = new Map<K, CacheEntry<K, V>>();
  readonly #recency = new Recency<K, V>();
  readonly #wheel: Wheel<CacheEntry<K, V>>;
  readonly #flights = new SingleFlight<K, V>();
  /** The load whose value may be stored, by key. A write in the meantime makes it stale and takes it out. */
  readonly #loads = new Map<K, object>();
  #hits = 0;
  #misses = 0;
  #isDisposed = false;

  /** Makes an empty cache; it holds no timer while it is empty. */
  constructor(options: CacheOptions) {
    const { expiryMs, limit = Infinity, tickMs = 1000, clock = systemClock } = options;
    checkExpiry("make cache", expiryMs);
    if (!(limit >= 1 && (Number.isInteger(limit) || limit === Infinity))) {
      throw new RangeError(`Cannot make cache: need an integer limit >= 1, got ${limit}`);
    }
    if (!(tickMs > 0 && tickMs < Infinity)) {
      throw new RangeError(`Cannot make cache: need a finite tickMs > 0, got ${tickMs}`);
    }
    this.#expiryMs = expiryMs;
    this.#limit = limit;
    this.#random = options.random ?? systemRandom;
    this.#wheelTickMs = tickMs / WHEEL_TICKS;
    this.#wheel = new Wheel({
      tickMs: this.#wheelTickMs,
      slots: SLOTS,
      clock,
      onDue: (entry) => this.#drop(entry),
    });
  }

  /** Number of entries. */
  get size(): number {
    return this.#entries.size;
  }

  /** Whether there is an entry for `key`. Counts as no read. */
  has(key: K): boolean {
    return this.#entries.has(key);
  }

  /** The value of `key`, or `undefined` if there is none. */
  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (!entry) {
      this.#misses++;
      return undefined;
    }
    this.#hits++;
    if (this.#limit !== Infinity) this.#recency.touch(entry);
    return entry.value;
  }

  /**
   * Stores `value`. An entry that `key` has gets the new value and a new life.
   *
   * @throws {RangeError} If `expiryMs` is not > 0.
   * @throws {ServiceError} `failed_precondition` once the cache is disposed.
   */
  set(key: K, value: V, options: CacheSetOptions = {}): void {
    const { expiryMs = this.#expiryMs } = options;
    checkExpiry("set cache entry", expiryMs);
    this.#checkOpen("set cache entry");
    this.#disown(key);
    this.#store(key, value, expiryMs);
  }

  /** Forgets `key`; a load of it that is under way is not stored. Tells whether there was an entry. */
  delete(key: K): boolean {
    this.#disown(key);
    const entry = this.#entries.get(key);
    if (!entry) return false;
    this.#wheel.cancel(entry);
    this.#drop(entry);
    return true;
  }

  /**
   * The value of `key`, loaded and stored if there is none. Concurrent callers share one load, and its error.
   * A caller whose `signal` aborts leaves the others waiting; the load's own signal aborts with the last.
   *
   * @throws What `load` threw, or the reason of `signal` once that is aborted.
   * @throws {RangeError} If `expiryMs` is not > 0.
   * @throws {ServiceError} `failed_precondition` once the cache is disposed.
   */
  async take(
    key: K,
    load: (context: FlightContext) => V | PromiseLike<V>,
    options: CacheTakeOptions = {},
  ): Promise<V> {
    const { expiryMs = this.#expiryMs, signal } = options;
    checkExpiry("take cache entry", expiryMs);
    this.#checkOpen("take cache entry");
    signal?.throwIfAborted();
    if (this.#entries.has(key)) return this.get(key) as V;
    let isOurs = false;
    const value = await this.#flights.do(key, (context) => {
      isOurs = true;
      return this.#load(key, () => load(context), expiryMs);
    }, { signal });
    if (isOurs) this.#misses++;
    else this.#hits++;
    return value;
  }

  /** Hits and misses since the cache was made, and the number of entries. */
  stats(): CacheStats {
    return { hits: this.#hits, misses: this.#misses, size: this.size };
  }

  /** Forgets every entry; loads that are under way are not stored. */
  clear(): void {
    for (const key of this.#loads.keys()) this.#disown(key);
    this.#entries.clear();
    this.#recency.clear();
    this.#wheel.clear();
  }

  /** Forgets every entry and stops the timer. Reads find nothing from then on. */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.clear();
  }

  async #load(key: K, load: () => V | PromiseLike<V>, expiryMs: number): Promise<V> {
    const ticket = {};
    this.#loads.set(key, ticket);
    try {
      const value = await load();
      if (this.#loads.get(key) === ticket) this.#store(key, value, expiryMs);
      return value;
    } finally {
      if (this.#loads.get(key) === ticket) this.#loads.delete(key);
    }
  }

  /** Keeps a load of `key` that is under way from storing what it finds, and callers from joining it. */
  #disown(key: K): void {
    if (this.#loads.size > 0 && this.#loads.delete(key)) this.#flights.forget(key);
  }

  #store(key: K, value: V, expiryMs: number): void {
    let entry = this.#entries.get(key);
    if (entry) {
      entry.value = value;
      this.#recency.touch(entry);
    } else if (this.#entries.size < this.#limit) {
      entry = new CacheEntry(key, value);
      this.#entries.set(key, entry);
      this.#recency.add(entry);
    } else {
      entry = this.#replaceOldest(key, value);
    }
    if (expiryMs === Infinity) return this.#wheel.cancel(entry);
    const lifeMs = expiryMs * (1 + JITTER - 2 * JITTER * this.#random());
    this.#wheel.schedule(entry, Math.ceil(lifeMs / this.#wheelTickMs) + EXTRA_TICKS);
  }

  #replaceOldest(key: K, value: V): CacheEntry<K, V> {
    const entry = this.#recency.oldest!;
    this.#entries.delete(entry.key);
    entry.key = key;
    entry.value = value;
    this.#entries.set(key, entry);
    this.#recency.touch(entry);
    return entry;
  }

  #drop(entry: CacheEntry<K, V>): void {
    this.#entries.delete(entry.key);
    this.#recency.remove(entry);
  }

  #checkOpen(what: string): void {
    if (!this.#isDisposed) return;
    throw new ServiceError("failed_precondition", `Cannot ${what}: the cache is disposed`);
  }
}

function checkExpiry(what: string, expiryMs: number): void {
  if (expiryMs > 0) return;
  throw new RangeError(`Cannot ${what}: need expiryMs > 0, got ${expiryMs}`);
}
