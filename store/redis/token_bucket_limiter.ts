/**
 * A token bucket for each key, in Redis.
 *
 * @module
 */

import { type Clock, systemClock, type Timer } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import type { LimitDecision, Limiter, TakeOptions } from "../../core/limit/limiter.ts";
import { TokenBucketLimiter } from "../../core/limit/token_bucket_limiter.ts";
import { consoleLogger } from "../../core/log/create_logger.ts";
import type { Logger } from "../../core/log/logger.ts";
import { reasonOf } from "../../core/log/value_renderer.ts";
import type { Redis } from "./redis.ts";
import { RedisScript } from "./script.ts";

/** How often a Redis that is away is asked whether it is back, in ms. */
const PING_MS = 100;

/** Lets in what has flowed since the last call, and takes tokens if there are as many. Answers how many are left, too. */
const TAKE = new RedisScript(`
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local now, cost = tonumber(ARGV[3]), tonumber(ARGV[4])
local seconds = math.max(1, math.floor(2 * burst / rate))
local tokens = tonumber(redis.call("GET", KEYS[1]) or burst)
local before = tonumber(redis.call("GET", KEYS[2]) or 0)
tokens = math.min(burst, tokens + math.max(0, now - before) * rate)
local taken = 0
if tokens >= cost then
  taken = 1
  tokens = tokens - cost
end
redis.call("SETEX", KEYS[1], seconds, tokens)
redis.call("SETEX", KEYS[2], seconds, now)
return {taken, tostring(tokens)}
`);

/** Options for {@link RedisTokenBucketLimiter}. */
export interface RedisTokenBucketOptions {
  /** Tokens that flow in each second, > 0. */
  readonly ratePerSecond: number;
  /** Most tokens that a bucket holds, > 0. */
  readonly burst: number;
  /** What the keys of the limiter begin with. @default {""} */
  readonly keyPrefix?: string | undefined;
  /** Told when Redis is away and when it is back. @default {consoleLogger} */
  readonly log?: Logger | undefined;
  /** Time source. @default {systemClock} */
  readonly clock?: Clock | undefined;
}

/**
 * A token bucket for each key, among all processes, under go-zero's keys `{key}.tokens` and `{key}.ts`. Tokens come once a
 * second, by the clocks of the callers.
 *
 * While Redis is away each process limits by itself, with the same rate and burst, and asks ten times a second whether it is
 * back. A caller that has given up, or whose time is up, is refused.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { provisionRedis } from "../../core/testing/provision_redis.ts";
 * import { Redis } from "./redis.ts";
 * await using server = await provisionRedis();
 * await using redis = new Redis({ Host: server.host });
 * using limiter = new RedisTokenBucketLimiter(redis, { ratePerSecond: 1, burst: 2 });
 * const taken = [await limiter.take("192.0.2.7"), await limiter.take("192.0.2.7", { cost: 9 })];
 * assertEquals(taken.map(({ allowed }) => allowed), [true, false]);
 * ```
 */
export class RedisTokenBucketLimiter implements Limiter, Disposable {
  readonly #redis: Redis;
  readonly #options: RedisTokenBucketOptions;
  readonly #local: TokenBucketLimiter;
  readonly #log: Logger;
  readonly #clock: Clock;
  #monitor: Timer | undefined;
  #isPinging = false;
  #disposed = false;

  /**
   * Makes a limiter. Keys that nobody has used have full buckets.
   *
   * @throws {RangeError} If an option is out of range.
   */
  constructor(redis: Redis, options: RedisTokenBucketOptions) {
    const { ratePerSecond, burst, log = consoleLogger, clock = systemClock } = options;
    this.#local = new TokenBucketLimiter({ ratePerSecond, burst, clock });
    this.#redis = redis;
    this.#options = options;
    this.#log = log;
    this.#clock = clock;
  }

  /** Whether Redis is away, so that each process limits by itself. */
  get isAway(): boolean {
    return this.#monitor !== undefined;
  }

  /** Takes `cost` tokens of the bucket of `key` if there are as many, else none. Rejects with `RangeError` if `cost` is not >= 0. */
  async take(key: string, options: TakeOptions = {}): Promise<LimitDecision> {
    const { cost = 1, signal } = options;
    if (!(cost >= 0)) {
      throw new RangeError(`Cannot take from limiter: need cost >= 0, got ${cost}`);
    }
    if (this.#monitor) return this.#local.take(key, { cost });
    const { ratePerSecond, burst, keyPrefix = "" } = this.#options;
    const nowS = Math.floor(this.#clock.wallTime() / 1_000);
    const name = `{${keyPrefix}${key}}`;
    const keys = [`${name}.tokens`, `${name}.ts`];
    try {
      const args = [ratePerSecond, burst, nowS, cost];
      const reply = await this.#redis.runScript(TAKE, keys, args, { signal });
      const [taken, tokens] = Array.isArray(reply) ? reply.map(Number) : [];
      if (taken === undefined || tokens === undefined) throw new TypeError("unknown reply");
      return this.#decide(taken === 1, tokens, cost);
    } catch (error) {
      if (signal?.aborted || isTimeout(error)) return this.#decide(false, 0, cost);
      this.#lose(error);
      return this.#local.take(key, { cost });
    }
  }

  /** Asks no more whether Redis is back. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#monitor?.cancel();
    this.#monitor = undefined;
  }

  #decide(allowed: boolean, tokens: number, cost: number): LimitDecision {
    const { ratePerSecond, burst } = this.#options;
    // Tokens come when the second changes.
    const waitMs = (missing: number) => Math.ceil(Math.max(0, missing) / ratePerSecond) * 1_000;
    return {
      allowed,
      limit: burst,
      remaining: Math.floor(tokens),
      resetMs: waitMs(burst - tokens),
      retryAfterMs: allowed ? 0 : cost > burst ? Infinity : waitMs(cost - tokens),
    };
  }

  #lose(error: unknown): void {
    if (this.#monitor || this.#disposed) return;
    this.#log.error(`Cannot limit by Redis: ${reasonOf(error)}; each process limits by itself`);
    this.#monitor = this.#clock.setInterval(() => void this.#ask(), PING_MS);
  }

  async #ask(): Promise<void> {
    if (this.#isPinging) return;
    this.#isPinging = true;
    const isBack = await this.#redis.ping();
    this.#isPinging = false;
    if (!isBack || !this.#monitor) return;
    this.#monitor.cancel();
    this.#monitor = undefined;
    this.#log.info("Limiting by Redis again");
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof ServiceError && error.code === "deadline_exceeded";
}
