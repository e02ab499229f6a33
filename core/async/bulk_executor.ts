import { requireInteger } from "./argument.ts";
import type { WaitOptions } from "./mutex.ts";
import { type ExecutorOptions, PeriodicalExecutor } from "./periodical_executor.ts";

/** Options for {@link BulkExecutor}. */
export interface BulkExecutorOptions extends ExecutorOptions {
  /** Tasks that make a batch due, an integer >= 1. @default {1000} */
  maxTasks?: number | undefined;
}

/**
 * Gathers tasks and executes them in batches of `maxTasks`, or what there is after `intervalMs`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const inserted: number[][] = [];
 * {
 *   await using rows = new BulkExecutor<number>((tasks) => inserted.push(tasks), { maxTasks: 2 });
 *   for (const row of [1, 2, 3]) await rows.add(row);
 * }
 * assertEquals(inserted, [[1, 2], [3]]);
 * ```
 */
export class BulkExecutor<T> implements AsyncDisposable {
  readonly #executor: PeriodicalExecutor<T, T[]>;

  /**
   * Makes an executor.
   *
   * @param execute Called with the tasks in the order they were added in; never with none.
   * @throws {RangeError} If an option is out of its range.
   */
  constructor(execute: (tasks: T[]) => unknown, options: BulkExecutorOptions = {}) {
    const { maxTasks = 1000 } = options;
    requireInteger("make bulk executor", { maxTasks }, 1);
    const tasks: T[] = [];
    this.#executor = new PeriodicalExecutor<T, T[]>({
      addTask: (task) => tasks.push(task) >= maxTasks,
      removeAll: () => tasks.splice(0),
      execute,
    }, options);
  }

  /** Adds a task; see {@link PeriodicalExecutor.add}. */
  add(task: T): Promise<void> {
    return this.#executor.add(task);
  }

  /** Executes what is kept; whether there was something. */
  flush(): Promise<boolean> {
    return this.#executor.flush();
  }

  /** Flushes, then waits for all executions. */
  wait(options: WaitOptions = {}): Promise<void> {
    return this.#executor.wait(options);
  }

  /** Flushes, waits, and refuses tasks from now on. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#executor[Symbol.asyncDispose]();
  }
}
