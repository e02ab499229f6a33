import process from "node:process";
import { type Clock, systemClock } from "../clock.ts";

/** Options for {@link CpuUsage}. */
export interface CpuUsageOptions {
  /** Least time between two samples, in ms, > 0. @default {250} */
  periodMs?: number | undefined;
  /** Part of the average that is kept with each sample, 0 to 1 without 1. @default {0.95} */
  keep?: number | undefined;
  /** Processor time this process has used, in ms. @default {its own, user and system} */
  usedMs?: (() => number) | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/** Processor time this process has used since it started, in ms. Needs no permission. */
export function processCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * How much of one processor this process uses, averaged over about five seconds. One JavaScript thread
 * cannot use more than one, so 1000 means that it is busy, however many processors there are.
 *
 * It samples when asked, so it needs no timer; a pause counts as one long sample.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FakeClock } from "../testing/fake_clock.ts";
 * const clock = new FakeClock();
 * const cpu = new CpuUsage({ clock, usedMs: () => clock.now() / 2, keep: 0 });
 * clock.elapse(1000);
 * assertEquals(cpu.milliCpu(), 500);
 * ```
 */
export class CpuUsage {
  readonly #periodMs: number;
  readonly #keep: number;
  readonly #usedMs: () => number;
  readonly #clock: Clock;
  #sampledMs: number;
  #lastUsedMs: number;
  #milliCpu = 0;

  /**
   * Makes a sampler; its first sample begins now.
   *
   * @throws {RangeError} If a number is out of range.
   */
  constructor(options: CpuUsageOptions = {}) {
    const { periodMs = 250, keep = 0.95, usedMs = processCpuMs, clock = systemClock } = options;
    if (!(periodMs > 0 && periodMs < Infinity)) {
      throw new RangeError(`Cannot measure CPU: need a finite periodMs > 0, got ${periodMs}`);
    }
    if (!(keep >= 0 && keep < 1)) {
      throw new RangeError(`Cannot measure CPU: need keep >= 0 and < 1, got ${keep}`);
    }
    this.#periodMs = periodMs;
    this.#keep = keep;
    this.#usedMs = usedMs;
    this.#clock = clock;
    this.#sampledMs = clock.now();
    this.#lastUsedMs = usedMs();
  }

  /**
   * Thousandths of one processor, 0 to 1000.
   *
   * @param nowMs The clock's `now()`, where the caller has read it already.
   */
  milliCpu(nowMs: number = this.#clock.now()): number {
    if (nowMs - this.#sampledMs >= this.#periodMs) this.#sample(nowMs);
    return this.#milliCpu;
  }

  #sample(nowMs: number): void {
    const usedMs = this.#usedMs();
    const spanMs = nowMs - this.#sampledMs;
    const current = Math.min(1000, Math.max(0, (usedMs - this.#lastUsedMs) / spanMs * 1000));
    const kept = this.#keep ** (spanMs / this.#periodMs);
    this.#milliCpu = this.#milliCpu * kept + current * (1 - kept);
    this.#sampledMs = nowMs;
    this.#lastUsedMs = usedMs;
  }
}
