import { type Clock, systemClock, type Timer } from "../clock.ts";
import type { Logger } from "../log/logger.ts";
import { requireSpan } from "./argument.ts";
import { ClosedError } from "./errors.ts";
import { runSafe } from "./run_safe.ts";

/** Options for {@link DelayExecutor}. */
export interface DelayExecutorOptions {
  /** From the first trigger to the run, in ms, >= 0. */
  delayMs: number;
  /** Names the work in the log and for panic observers. @default {"delayed task"} */
  task?: string | undefined;
  /** Told of failures. @default {consoleLogger} */
  logger?: Logger | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/**
 * Runs a function some time after it was triggered; triggers until then change nothing. Not a debounce:
 * a stream of triggers does not put off the run. A trigger while the function runs causes another run.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FakeClock } from "@zeno/zeno/core/testing";
 * const clock = new FakeClock();
 * let saves = 0;
 * await using save = new DelayExecutor(() => void saves++, { delayMs: 100, clock });
 * save.trigger();
 * save.trigger();
 * await clock.advance(100);
 * assertEquals(saves, 1);
 * ```
 */
export class DelayExecutor implements AsyncDisposable {
  readonly #fn: () => unknown;
  readonly #options: DelayExecutorOptions;
  readonly #running = new Set<Promise<void>>();
  #timer: Timer | undefined;
  #disposed = false;

  /** Makes an executor that waits for a trigger. @throws {RangeError} If `delayMs` is negative. */
  constructor(fn: () => unknown, options: DelayExecutorOptions) {
    requireSpan("make delay executor", { delayMs: options.delayMs });
    this.#fn = fn;
    this.#options = options;
  }

  /** Whether a run is due. */
  get pending(): boolean {
    return this.#timer !== undefined;
  }

  /** Asks for a run `delayMs` from now, unless one is due already. @throws {ClosedError} If disposed. */
  trigger(): void {
    if (this.#disposed) throw new ClosedError("trigger run", "delay executor");
    const { clock = systemClock, delayMs } = this.#options;
    this.#timer ??= clock.setTimer(() => void this.#run(), delayMs);
  }

  /** Waits for the runs in progress; does not hurry one that is due. */
  async wait(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** Runs at once what is due, and waits for it. Triggers are refused from now on. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    if (this.#timer) void this.#run();
    await this.wait();
  }

  async #run(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined; // Before the function runs, so that it can be triggered again meanwhile.
    const { task = "delayed task", logger } = this.#options;
    const run = runSafe<unknown>(this.#fn, { task, logger }).then(() => {});
    this.#running.add(run);
    await run;
    this.#running.delete(run);
  }
}
