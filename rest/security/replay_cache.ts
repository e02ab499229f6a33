/**
 * Memory for what must be accepted only once.
 *
 * @module
 */

import { type Clock, systemClock } from "../../core/clock.ts";

/**
 * Remembers what was accepted, such as signatures and nonces. {@link ReplayCache} does so in this process; where several
 * processes answer for one service, something they share has to.
 */
export interface ReplayGuard {
  /**
   * Remembers `id` until `expiresAtMs`, in milliseconds since the Unix epoch, and answers whether it was new. If it rejects,
   * so does the request: nothing is accepted that is not remembered.
   */
  remember(id: string, expiresAtMs: number): boolean | Promise<boolean>;
}

/** Options for {@link ReplayCache}. */
export interface ReplayCacheOptions {
  /** Most ids that are remembered, an integer >= 1. Each takes some 150 bytes. @default {100_000} */
  maxEntries?: number;
  /**
   * What happens when so many are remembered that have not expired. `forget` drops the oldest, so the protection reaches
   * less far back; `refuse` takes nothing new, so callers are locked out. @default {"forget"}
   */
  whenFull?: "forget" | "refuse";
  /** Called when that happens, at most once a minute, with the number of ids. @default {nothing is done} */
  onFull?: (entries: number) => void;
  /** Time source. @default {systemClock} */
  clock?: Clock;
}

const COMPLAINT_PERIOD_MS = 60_000;

/**
 * Remembers ids in this process, not more than `maxEntries` of them. There is no timer: what has expired is dropped as
 * new ids come.
 *
 * Only what proved to be genuine should be remembered. Then nobody who lacks a key can fill the memory.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FakeClock } from "@zeno/zeno/core/testing";
 * const clock = new FakeClock();
 * const cache = new ReplayCache({ clock });
 * assertEquals(cache.remember("nonce", 1_000), true);
 * assertEquals(cache.remember("nonce", 1_000), false);
 * ```
 */
export class ReplayCache implements ReplayGuard {
  readonly #maxEntries: number;
  readonly #whenFull: "forget" | "refuse";
  readonly #onFull: ((entries: number) => void) | undefined;
  readonly #clock: Clock;
  /** When each id expires, in the order they came, which is nearly that in which they expire. */
  readonly #expiries = new Map<string, number>();
  #complainedAtMs = -Infinity;

  /**
   * Makes an empty cache.
   *
   * @throws {RangeError} If `maxEntries` is out of range.
   */
  constructor(options: ReplayCacheOptions = {}) {
    const { maxEntries = 100_000, whenFull = "forget", onFull, clock = systemClock } = options;
    if (!(Number.isInteger(maxEntries) && maxEntries >= 1)) {
      throw new RangeError(
        `Cannot make replay cache: need an integer maxEntries >= 1, got ${maxEntries}`,
      );
    }
    this.#maxEntries = maxEntries;
    this.#whenFull = whenFull;
    this.#onFull = onFull;
    this.#clock = clock;
  }

  /** Number of ids in memory. */
  get size(): number {
    return this.#expiries.size;
  }

  /** Remembers `id` until `expiresAtMs` and answers whether it was new, and whether there was room for it. */
  remember(id: string, expiresAtMs: number): boolean {
    const nowMs = this.#clock.wallTime();
    const known = this.#expiries.get(id);
    if (known !== undefined && nowMs <= known) return false;
    this.#dropExpired(nowMs);
    if (this.#expiries.size >= this.#maxEntries) {
      this.#complain();
      if (this.#whenFull === "refuse") return false;
      const [oldest] = this.#expiries.keys();
      this.#expiries.delete(oldest!);
    }
    // Again at the end of the order, if it was there and had expired.
    this.#expiries.delete(id);
    this.#expiries.set(id, expiresAtMs);
    return true;
  }

  #dropExpired(nowMs: number): void {
    for (const [id, expiresAtMs] of this.#expiries) {
      if (nowMs <= expiresAtMs) return;
      this.#expiries.delete(id);
    }
  }

  #complain(): void {
    const nowMs = this.#clock.now();
    if (nowMs - this.#complainedAtMs < COMPLAINT_PERIOD_MS) return;
    this.#complainedAtMs = nowMs;
    this.#onFull?.(this.#expiries.size);
  }
}
