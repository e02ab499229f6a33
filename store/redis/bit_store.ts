/**
 * Bits in Redis.
 *
 * @module
 */

import type { BitStore, BitStoreOptions } from "../../core/collection/bit_store.ts";
import type { Redis } from "./redis.ts";
import { RedisScript } from "./script.ts";

const SET = new RedisScript(`
for _, offset in ipairs(ARGV) do redis.call("SETBIT", KEYS[1], offset, 1) end
return 1
`);

const CHECK = new RedisScript(`
for _, offset in ipairs(ARGV) do
  if redis.call("GETBIT", KEYS[1], offset) == 0 then return 0 end
end
return 1
`);

/**
 * The bits of a bloom filter in Redis, where all processes see them, go-zero's too.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { BloomFilter } from "@zeno/zeno/core/collection";
 * import { provisionRedis } from "../../core/testing/provision_redis.ts";
 * import { Redis } from "./redis.ts";
 * await using server = await provisionRedis();
 * await using redis = new Redis({ Host: server.host });
 * const seen = new BloomFilter(new RedisBitStore(redis, "seen"), 20 * 1_000);
 * await seen.add("order 7");
 * assertEquals([await seen.has("order 7"), await seen.has("order 8")], [true, false]);
 * ```
 */
export class RedisBitStore implements BitStore {
  readonly #redis: Redis;
  readonly #key: string;

  /** Makes a store of the bits under `key`, up to 2^32 of them. */
  constructor(redis: Redis, key: string) {
    this.#redis = redis;
    this.#key = key;
  }

  /** Sets the bits at `offsets`. Rejects if Redis cannot be asked. */
  async set(offsets: readonly number[], { signal }: BitStoreOptions = {}): Promise<void> {
    await this.#redis.runScript(SET, [this.#key], offsets, { signal });
  }

  /** Whether the bits at `offsets` are all set. Rejects if Redis cannot be asked. */
  async check(offsets: readonly number[], { signal }: BitStoreOptions = {}): Promise<boolean> {
    return await this.#redis.runScript(CHECK, [this.#key], offsets, { signal }) === 1;
  }
}
