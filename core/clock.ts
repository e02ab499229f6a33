/**
 * Time and chance, as things that are passed in.
 *
 * Nothing in Zeno reads `Date.now`, `performance.now`, `setTimeout` or `Math.random` but this file,
 * so a test can run a day of waiting in a millisecond with `FakeClock`.
 *
 * @module
 */

/** A timer that can be cancelled. Disposing it cancels it; doing so twice does nothing. */
export interface Timer extends Disposable {
  /** Stops the timer. Does nothing if it has fired or has been cancelled. */
  cancel(): void;
}

/** Options for {@link Clock.setTimer} and {@link Clock.setInterval}. */
export interface TimerOptions {
  /** Whether the pending timer keeps the process alive. @default {false} */
  keepAlive?: boolean;
}

/** Options for {@link Clock.sleep}. */
export interface SleepOptions extends TimerOptions {
  /** Ends the wait early, rejecting with its reason. */
  signal?: AbortSignal | undefined;
}

/** A source of time. All spans are in milliseconds and may be fractional. */
export interface Clock {
  /** Monotonic time in ms, for measuring spans. Its origin means nothing. */
  now(): number;
  /** Milliseconds since the Unix epoch. It can jump; never measure a span with it. */
  wallTime(): number;
  /** Calls `callback` once after `delayMs`. */
  setTimer(callback: () => void, delayMs: number, options?: TimerOptions): Timer;
  /** Calls `callback` every `periodMs` until cancelled. */
  setInterval(callback: () => void, periodMs: number, options?: TimerOptions): Timer;
  /** Resolves after `durationMs`, or rejects with `signal.reason` once aborted. */
  sleep(durationMs: number, options?: SleepOptions): Promise<void>;
}

/** A source of numbers uniform in [0, 1). */
export type Random = () => number;

/** The platform's pseudo-random source. Not for secrets. */
export const systemRandom: Random = Math.random;

/** Waits on `clock`, honouring `signal`. Shared by the system and the fake clock. */
export function sleepOn(
  clock: Clock,
  durationMs: number,
  options: SleepOptions = {},
): Promise<void> {
  const { signal } = options;
  if (signal?.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      timer.cancel();
      reject(signal!.reason);
    };
    const timer = clock.setTimer(
      () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      },
      durationMs,
      options,
    );
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

type Handle = ReturnType<typeof setTimeout>;

class SystemTimer implements Timer {
  readonly #handle: Handle;

  constructor(handle: Handle, keepAlive: boolean | undefined) {
    this.#handle = handle;
    // A browser's handle is a number, which has no `unref` and needs none.
    if (!keepAlive) (handle as { unref?(): void }).unref?.();
  }

  cancel(): void {
    clearTimeout(this.#handle); // Timeouts and intervals share one table.
  }

  [Symbol.dispose](): void {
    this.cancel();
  }
}

/**
 * The platform's clock. Its timers do not keep the process alive unless asked to.
 *
 * @example Measure a span
 * ```ts
 * import { assert } from "@std/assert";
 * const started = systemClock.now();
 * await systemClock.sleep(1, { keepAlive: true });
 * assert(systemClock.now() > started);
 * ```
 */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  setTimer: (callback, delayMs, options) =>
    new SystemTimer(setTimeout(callback, delayMs), options?.keepAlive),
  setInterval: (callback, periodMs, options) =>
    new SystemTimer(setInterval(callback, periodMs), options?.keepAlive),
  sleep: (durationMs, options) => sleepOn(systemClock, durationMs, options),
};
