/**
 * Redis, one server or a cluster: every command in time, behind a breaker, traced, counted, and never carried out twice by
 * accident.
 *
 * A program that uses it needs `--allow-net` for the servers and `--allow-env`, which the driver reads as a whole.
 *
 * | go-zero | here |
 * | --- | --- |
 * | `redis.MustNewRedis(conf)` | `await Redis.connect(conf)`, which heeds `NonBlock` |
 * | `redis.Nil`, `""` | `null` |
 * | `GetCtx(ctx, key)` | `get(key, { signal })`; the current deadline counts anyway |
 * | `ZaddFloat`, `ZscoreByFloat` ... | `zadd`, `zscore` ...: a score is a number |
 * | `Scan`, `Hscan` ... with cursors | `for await (const key of redis.scan({ match: "user:*" }))` |
 * | `Pipelined(fn)`, `TxPipeline()` | `pipelined(fill)`, `txPipelined(fill)`, with typed answers |
 * | `CreateBlockingNode(r)` | `redis.blocking()`, with TLS, breaker and figures |
 * | `NewRedisLock(r, key)` | `new RedisLock(redis, key, { ttlMs })`, or `await using held = await redis.lock(key, ...)` |
 * | `NewPeriodLimit`, `NewTokenLimiter` | `RedisFixedWindowLimiter`, `RedisTokenBucketLimiter`, under the same keys |
 * | `bloom.New(r, key, bits)` | `new BloomFilter(new RedisBitStore(redis, key), bits)` of `core/collection` |
 * | `Redis` and `Auth` of an RPC server | `await RedisTokenStore.connect(config.Redis)` as its option `tokens` |
 *
 * What differs from go-zero on purpose: clients share a connection only if account, TLS and database are the same, too; TLS
 * checks the certificate unless `InsecureSkipVerify` is set; a command that may have been carried out is sent again only if it
 * reads; arguments in the log of slow commands are cut, and passwords hidden.
 *
 * @example Values, several commands at once, a script
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Redis, RedisScript } from "@zeno/zeno/store/redis";
 * import { provisionRedis } from "../../core/testing/provision_redis.ts";
 *
 * await using server = await provisionRedis();
 * await using redis = new Redis({ Host: server.host });
 *
 * await redis.hmset("user:7", { name: "Ada", visits: 1 });
 * assertEquals(await redis.hgetall("user:7"), { name: "Ada", visits: "1" });
 *
 * const [visits, seconds] = await redis.pipelined((pipe) => [
 *   pipe.hincrby("user:7", "visits", 1),
 *   pipe.expire("user:7", 60),
 * ]);
 * assertEquals([visits, seconds], [2, true]);
 *
 * const script = new RedisScript("return redis.call('hget', KEYS[1], ARGV[1])");
 * assertEquals(await redis.runScript(script, ["user:7"], ["name"]), "Ada");
 * ```
 *
 * @module
 */

export * from "./address.ts";
export { RedisBitStore } from "./bit_store.ts";
export {
  BlockingNode,
  type BlockOptions,
  type PoppedValue,
  type XReadGroupOptions,
} from "./blocking_node.ts";
export type {
  CommandOptions,
  RedisCall,
  RedisCommand,
  RedisInterceptor,
  RedisKeys,
  RedisValue,
  SendCall,
} from "./command.ts";
export { BitCommands } from "./commands/bits.ts";
export { CommandSet, type TypedCommand } from "./commands/command_set.ts";
export { GeneralCommands } from "./commands/general.ts";
export {
  GeoCommands,
  type GeoFound,
  type GeoPlace,
  type GeoPoint,
  type GeoQuery,
  type GeoUnit,
} from "./commands/geo.ts";
export { HashCommands } from "./commands/hashes.ts";
export { KeyCommands } from "./commands/keys.ts";
export { ListCommands } from "./commands/lists.ts";
export { SetCommands } from "./commands/sets.ts";
export { type ScoreRange, SortedSetRangeCommands } from "./commands/sorted_set_ranges.ts";
export { type ScoredMember, SortedSetCommands, type UnionSpec } from "./commands/sorted_sets.ts";
export {
  StreamCommands,
  type StreamFacts,
  type StreamMessage,
  type XAddOptions,
} from "./commands/streams.ts";
export { StringCommands } from "./commands/strings.ts";
export * from "./config.ts";
export type { CallPart, Connection, ConnectionSettings, RedisTls } from "./connection.ts";
export * from "./errors.ts";
export { RedisFixedWindowLimiter, type RedisFixedWindowOptions } from "./fixed_window_limiter.ts";
export { type HeldLock, type HoldOptions, RedisLock, type RedisLockOptions } from "./lock.ts";
export type { RedisOptions } from "./options.ts";
export { type PipelineAnswer, RedisPipeline } from "./pipeline.ts";
export { Redis } from "./redis.ts";
export type { Decode, RedisInteger, RedisReply } from "./reply.ts";
export type { ScanOptions } from "./scan.ts";
export { RedisScript } from "./script.ts";
export { setSlowThreshold, slowThresholdMs } from "./slow_log.ts";
export { RedisSubscription, type SubscribeOptions } from "./subscription.ts";
export { RedisTokenStore } from "./token_store.ts";
export { RedisTokenBucketLimiter, type RedisTokenBucketOptions } from "./token_bucket_limiter.ts";
