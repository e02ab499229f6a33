/**
 * Collections for services: a rolling window, a timing wheel, a cache whose entries expire, a bloom filter,
 * a ring of the last values and a queue. Time and chance are passed in.
 *
 * There is no set and no concurrent map here: `Set` and `Map` do all of that.
 *
 * @example A cache that loads each key once
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Cache } from "@zeno/zeno/core/collection";
 *
 * using prices = new Cache<string, number>({ expiryMs: 5_000, limit: 1_000 });
 * const price = (item: string) => prices.take(item, () => Promise.resolve(item.length));
 * assertEquals(await Promise.all([price("pear"), price("pear"), price("fig")]), [4, 4, 3]);
 * assertEquals(prices.stats().misses, 2);
 * ```
 *
 * @module
 */

export { type BitStore, type BitStoreOptions, MemoryBitStore } from "./bit_store.ts";
export { BloomFilter } from "./bloom_filter.ts";
export {
  Cache,
  type CacheOptions,
  type CacheSetOptions,
  type CacheStats,
  type CacheTakeOptions,
} from "./cache.ts";
export { Queue } from "./queue.ts";
export { Ring } from "./ring.ts";
export { RollingWindow, type RollingWindowOptions, type WindowBucket } from "./rolling_window.ts";
export { SumBucket } from "./sum_bucket.ts";
export { TimingWheel, type TimingWheelOptions } from "./timing_wheel.ts";
