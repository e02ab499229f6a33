/**
 * So many calls a period, counted in Redis.
 *
 * @module
 */

import { type Clock, systemClock } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import type {
  TakeOptions,
  WindowCode,
  WindowDecision,
  WindowLimiter,
} from "../../core/limit/limiter.ts";
import type { Redis } from "./redis.ts";
import { RedisScript } from "./script.ts";

/** Takes units if there are as many, and begins a window with the first. */
const TAKE = new RedisScript(`
local cost, quota = tonumber(ARGV[1]), tonumber(ARGV[2])
local used = redis.call("INCRBY", KEYS[1], cost)
local left = redis.call("PTTL", KEYS[1])
if left < 0 then
  left = tonumber(ARGV[3])
  redis.call("PEXPIRE", KEYS[1], left)
end
if used <= quota then return {1, used, left} end
return {0, redis.call("DECRBY", KEYS[1], cost), left}
`);

/** Options for {@link RedisFixedWindowLimiter}. */
export interface RedisFixedWindowOptions {
  /** What the keys of the limiter begin with. */
  readonly keyPrefix: string;
  /** Length of a window in ms, an integer >= 1. */
  readonly periodMs: number;
  /** Units that can be had in a window, an integer >= 0. */
  readonly quota: number;
  /** Whether windows end at multiples of the period in local time, a day's at midnight. @default {false} */
  readonly align?: boolean | undefined;
  /** Local time minus UTC in ms, for `align`. @default {that of the process, when the window begins} */
  readonly utcOffsetMs?: number | undefined;
  /** Time source. @default {systemClock} */
  readonly clock?: Clock | undefined;
}

/**
 * Lets `quota` calls through in each window, for each key, among all processes: what go-zero calls a period limit, with its
 * codes and under its keys, so both count together.
 *
 * Rejects if Redis cannot be asked: whether to let the call through then is for the caller to say.
 *
 * @example Three SMS a day
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { provisionRedis } from "../../core/testing/provision_redis.ts";
 * import { Redis } from "./redis.ts";
 * await using server = await provisionRedis();
 * await using redis = new Redis({ Host: server.host });
 * const options = { keyPrefix: "sms:", periodMs: 86_400_000, quota: 3, align: true };
 * const limiter = new RedisFixedWindowLimiter(redis, options);
 * const codes: string[] = [];
 * for (let i = 0; i < 4; i++) codes.push((await limiter.take("+49 30 901820")).code);
 * assertEquals(codes, ["allowed", "allowed", "hit_quota", "over_quota"]);
 * ```
 */
export class RedisFixedWindowLimiter implements WindowLimiter {
  readonly #redis: Redis;
  readonly #options: RedisFixedWindowOptions;
  readonly #clock: Clock;

  /**
   * Makes a limiter.
   *
   * @throws {RangeError} If an option is out of range.
   */
  constructor(redis: Redis, options: RedisFixedWindowOptions) {
    const { periodMs, quota, clock = systemClock } = options;
    checkInteger("periodMs", periodMs, 1);
    checkInteger("quota", quota, 0);
    this.#redis = redis;
    this.#options = options;
    this.#clock = clock;
  }

  /**
   * Takes `cost` units of the window of `key` if there are as many, else none. Rejects if Redis cannot be asked, and with
   * `RangeError` if `cost` is not an integer >= 0.
   */
  async take(key: string, options: TakeOptions = {}): Promise<WindowDecision> {
    const { cost = 1, signal } = options;
    checkInteger("cost", cost, 0);
    const { keyPrefix, quota } = this.#options;
    const args = [cost, quota, this.#lengthMs()];
    const reply = await this.#redis.runScript(TAKE, [keyPrefix + key], args, { signal });
    const [taken, used, resetMs] = Array.isArray(reply) ? reply.map(Number) : [];
    if (taken === undefined || used === undefined || resetMs === undefined) {
      throw new ServiceError("internal", "Cannot take from limiter: unknown status code");
    }
    const allowed = taken === 1;
    return {
      code: codeOf(allowed, used, quota),
      allowed,
      limit: quota,
      remaining: Math.max(0, quota - used),
      resetMs,
      retryAfterMs: allowed ? 0 : cost > quota ? Infinity : resetMs,
    };
  }

  /** How long a window lasts that begins now. */
  #lengthMs(): number {
    const { align, periodMs, utcOffsetMs } = this.#options;
    if (!align) return periodMs;
    const wallMs = this.#clock.wallTime();
    const offsetMs = utcOffsetMs ?? -new Date(wallMs).getTimezoneOffset() * 60_000;
    const localMs = Math.floor(wallMs + offsetMs);
    return periodMs - (localMs - Math.floor(localMs / periodMs) * periodMs);
  }
}

function codeOf(allowed: boolean, used: number, quota: number): WindowCode {
  if (!allowed) return "over_quota";
  return used < quota ? "allowed" : "hit_quota";
}

function checkInteger(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new RangeError(
    `Cannot limit by Redis: need an integer ${name} >= ${least}, got ${value}`,
  );
}
