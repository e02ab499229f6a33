import { runSafe, type RunSafeOptions } from "./run_safe.ts";

/**
 * Starts functions and waits for all of them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const group = new RoutineGroup();
 * let done = 0;
 * group.run(async () => {
 *   await Promise.resolve();
 *   done++;
 * });
 * group.run(() => void done++);
 * await group.wait();
 * assertEquals(done, 2);
 * ```
 */
export class RoutineGroup {
  readonly #running = new Set<Promise<void>>();
  #failure: { error: unknown } | undefined;

  /** Functions that run. */
  get size(): number {
    return this.#running.size;
  }

  /** Starts `fn`. If it fails, {@link wait} rejects with what it threw. */
  run(fn: () => unknown): void {
    this.#start(async () => {
      try {
        await fn();
      } catch (error) {
        this.#failure ??= { error };
      }
    });
  }

  /** Starts `fn`. A failure is reported as `runSafe` does, and goes no further. */
  runSafe(fn: () => unknown, options: RunSafeOptions = {}): void {
    this.#start(() => runSafe<unknown>(fn, options));
  }

  /**
   * Waits until nothing runs, what was started meanwhile included.
   *
   * @throws What the first function that failed threw, since the last wait.
   */
  async wait(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure.error;
  }

  #start(fn: () => Promise<unknown>): void {
    const running: Promise<void> = fn().then(() => void this.#running.delete(running));
    this.#running.add(running);
  }
}
