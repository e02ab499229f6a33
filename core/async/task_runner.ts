import type { Logger } from "../log/logger.ts";
import { requireInteger } from "./argument.ts";
import { Waiters } from "./_waiters.ts";
import { BusyError, ClosedError } from "./errors.ts";
import type { WaitOptions } from "./mutex.ts";
import { runSafe } from "./run_safe.ts";

/** Options for {@link TaskRunner}. */
export interface TaskRunnerOptions {
  /** Names the work in the log and for panic observers. @default {"task"} */
  task?: string | undefined;
  /** Told of tasks that failed. @default {consoleLogger} */
  logger?: Logger | undefined;
}

/**
 * Runs tasks in the background, only so many at once. Failures are reported as `runSafe` does.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const sent: string[] = [];
 * await using runner = new TaskRunner(2);
 * for (const to of ["ann", "bob", "cy"]) await runner.schedule(() => void sent.push(to));
 * await runner.wait();
 * assertEquals(sent, ["ann", "bob", "cy"]);
 * ```
 */
export class TaskRunner implements AsyncDisposable {
  readonly #concurrency: number;
  readonly #options: TaskRunnerOptions;
  readonly #queue = new Waiters<void>();
  readonly #idle = new Waiters<void>();
  #active = 0;
  #closed = false;

  /** `concurrency` tasks run at once, an integer >= 1. @throws {RangeError} Otherwise. */
  constructor(concurrency: number, options: TaskRunnerOptions = {}) {
    requireInteger("make task runner", { concurrency }, 1, true);
    this.#concurrency = concurrency;
    this.#options = options;
  }

  /** Tasks that run. */
  get active(): number {
    return this.#active;
  }

  /** Callers of {@link schedule} that wait for room. */
  get waiting(): number {
    return this.#queue.size;
  }

  /**
   * Waits for room, in the order of asking, then starts `fn` and returns while it runs.
   *
   * @throws {ClosedError} If the runner is disposed.
   * @throws The reason of `signal` if that is aborted before `fn` has started.
   */
  async schedule(fn: () => unknown, options: WaitOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    if (this.#closed) throw new ClosedError("schedule task", "task runner");
    if (this.#active < this.#concurrency) this.#active++;
    else await this.#queue.wait(options.signal); // Whoever has finished hands its place over.
    void this.#run(fn);
  }

  /**
   * Starts `fn` now.
   *
   * @throws {BusyError} If there is no room.
   * @throws {ClosedError} If the runner is disposed.
   */
  scheduleImmediately(fn: () => unknown): void {
    if (this.#closed) throw new ClosedError("schedule task", "task runner");
    if (this.#active >= this.#concurrency) {
      throw new BusyError("schedule task", this.#concurrency, "running");
    }
    this.#active++;
    void this.#run(fn);
  }

  /** Waits until no task runs or waits. Rejects with the reason of `signal` once aborted. */
  async wait(options: WaitOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    if (this.#active > 0) await this.#idle.wait(options.signal);
  }

  /** Refuses tasks from now on, and waits for those it has taken. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.wait();
  }

  async #run(fn: () => unknown): Promise<void> {
    await runSafe(fn, this.#options);
    if (this.#queue.resolveFirst(undefined)) return;
    this.#active--;
    if (this.#active === 0) this.#idle.resolveAll(undefined);
  }
}
