/**
 * One holder at a time, among all processes.
 *
 * @module
 */

import {
  type Clock,
  type Random,
  systemClock,
  systemRandom,
  type Timer,
} from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import type { CommandOptions } from "./command.ts";
import type { Redis } from "./redis.ts";
import { RedisScript } from "./script.ts";

/** How much longer than asked for a lease is, in ms, as go-zero has it: the holder must not be late for its own end. */
const TOLERANCE_MS = 500;
/** How often who waits for a lock asks for it, in ms, give or take a half. */
const ASK_MS = 50;
const CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const HOLDER_LENGTH = 16;

/** Takes a lock that nobody holds or that is the caller's own, for a new time. */
const ACQUIRE = new RedisScript(`
local holder = redis.call("GET", KEYS[1])
if holder and holder ~= ARGV[1] then return false end
redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2])
return "OK"
`);

/** Gives back what is the caller's own, and nothing else. */
const RELEASE = new RedisScript(`
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call("DEL", KEYS[1])
`);

/** Options for {@link RedisLock}. */
export interface RedisLockOptions {
  /** How long the lock is held without being renewed, in ms, > 0. Half a second is added, as go-zero does. */
  readonly ttlMs: number;
  /** Time source. @default {systemClock} */
  readonly clock?: Clock | undefined;
  /** Chance, for waits. @default {systemRandom} */
  readonly random?: Random | undefined;
}

/** Options for {@link RedisLock.hold}. */
export interface HoldOptions extends CommandOptions {
  /** How long to wait for another holder, in ms, >= 0. @default {0} */
  readonly waitMs?: number | undefined;
  /** Whether the lock is renewed every third of its time for as long as it is held. @default {false} */
  readonly renew?: boolean | undefined;
}

/** A lock that is held. Disposing it gives it back. */
export interface HeldLock extends AsyncDisposable {
  /** Aborted when the lock is known to be lost: it was not renewed in time, or another has it. */
  readonly lost: AbortSignal;
}

/**
 * A lock in Redis that one at a time can hold, laid out as go-zero's, so both respect each other. The same object can take it
 * again, which begins its time anew.
 *
 * It keeps others from doing the same work at the same time. It cannot promise that none does: who stops for longer than
 * `ttlMs` has lost the lock without knowing, and a Redis that fails over may forget it. What must never happen twice needs a
 * condition in the database as well.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Redis } from "./redis.ts";
 * import { provisionRedis } from "../../core/testing/provision_redis.ts";
 * await using server = await provisionRedis();
 * await using redis = new Redis({ Host: server.host });
 * const lock = new RedisLock(redis, "report:today", { ttlMs: 5_000 });
 * const other = new RedisLock(redis, "report:today", { ttlMs: 5_000 });
 * assertEquals(await lock.with(async () => await other.acquire()), false);
 * assertEquals([await other.acquire(), await other.release()], [true, true]);
 * ```
 */
export class RedisLock {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #leaseMs: number;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #holder: string = holderName();

  /**
   * Makes a lock of the key `key`, which is not held yet.
   *
   * @throws {RangeError} If `ttlMs` is not > 0.
   */
  constructor(redis: Redis, key: string, options: RedisLockOptions) {
    const { ttlMs, clock = systemClock, random = systemRandom } = options;
    if (!(ttlMs > 0 && ttlMs < Infinity)) {
      throw new RangeError(`Cannot make lock: need a finite ttlMs > 0, got ${ttlMs}`);
    }
    this.#redis = redis;
    this.#key = key;
    this.#leaseMs = Math.ceil(ttlMs) + TOLERANCE_MS;
    this.#clock = clock;
    this.#random = random;
  }

  /** Takes the lock, or takes it again. Answers whether it did; `false` if another holds it. */
  async acquire(options?: CommandOptions): Promise<boolean> {
    const args = [this.#holder, this.#leaseMs];
    const reply = await this.#redis.runScript(ACQUIRE, [this.#key], args, options);
    return reply === "OK";
  }

  /** Gives the lock back. Answers whether it was still held; `false` if its time was up, or another has it. */
  async release(options?: CommandOptions): Promise<boolean> {
    return await this.#redis.runScript(RELEASE, [this.#key], [this.#holder], options) === 1;
  }

  /** Takes the lock, and waits for it if told to; `null` if another holds it all the while. */
  async hold(options: HoldOptions = {}): Promise<HeldLock | null> {
    const { waitMs = 0, signal, renew = false } = options;
    const untilMs = this.#clock.now() + waitMs;
    while (!await this.acquire({ signal })) {
      const leftMs = untilMs - this.#clock.now();
      if (leftMs <= 0) return null;
      // Who waits for the same lock must not ask at the same time.
      const pauseMs = Math.min(leftMs, ASK_MS * (0.5 + this.#random()));
      await this.#clock.sleep(pauseMs, { signal, keepAlive: true });
    }
    return new Held(this, { leaseMs: this.#leaseMs, renew, clock: this.#clock });
  }

  /**
   * Runs `fn` while it holds the lock. `lost` is aborted if the lock is lost meanwhile.
   *
   * @throws {ServiceError} With code `aborted` if another holds the lock.
   */
  async with<T>(fn: (lost: AbortSignal) => T | Promise<T>, options: HoldOptions = {}): Promise<T> {
    await using held = await this.hold(options);
    if (held) return await fn(held.lost);
    throw new ServiceError("aborted", `Cannot take lock "${this.#key}": another holds it`);
  }
}

class Held implements HeldLock {
  readonly #lock: RedisLock;
  readonly #lost = new AbortController();
  readonly #clock: Clock;
  readonly #leaseMs: number;
  readonly #renewal: Timer | undefined;
  #end: Timer;
  #closing: Promise<void> | undefined;

  constructor(lock: RedisLock, options: { leaseMs: number; renew: boolean; clock: Clock }) {
    const { leaseMs, renew, clock } = options;
    this.#lock = lock;
    this.#clock = clock;
    this.#leaseMs = leaseMs;
    this.#end = this.#endLater();
    if (!renew) return;
    this.#renewal = clock.setInterval(() => void this.#renew(), (leaseMs - TOLERANCE_MS) / 3);
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    this.#end.cancel();
    this.#renewal?.cancel();
    if (!this.lost.aborted) await this.#lock.release();
  }

  async #renew(): Promise<void> {
    try {
      const isMine = await this.#lock.acquire();
      if (this.#closing) {
        // It was given back meanwhile, and must not come back to life.
        if (isMine) await this.#lock.release();
        return;
      }
      this.#end.cancel();
      if (isMine) this.#end = this.#endLater();
      else this.#lose("another has it");
    } catch {
      // The next attempt may succeed; when the time is up the lock is lost anyway.
    }
  }

  #endLater(): Timer {
    const why = "it was not renewed in time";
    return this.#clock.setTimer(() => this.#lose(why), this.#leaseMs - TOLERANCE_MS);
  }

  #lose(why: string): void {
    this.#renewal?.cancel();
    this.#lost.abort(new ServiceError("aborted", `Cannot keep lock: ${why}`));
  }
}

/** Sixteen letters and digits, which nobody can guess. */
function holderName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(HOLDER_LENGTH));
  return Array.from(bytes, (byte) => CHARACTERS[byte % CHARACTERS.length]).join("");
}
