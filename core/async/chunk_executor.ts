import { requireInteger, requireSpan } from "./argument.ts";
import type { WaitOptions } from "./mutex.ts";
import { type ExecutorOptions, PeriodicalExecutor } from "./periodical_executor.ts";

/** Options for {@link ChunkExecutor}. */
export interface ChunkExecutorOptions extends ExecutorOptions {
  /** Bytes that make a batch due, an integer >= 1. @default {1048576} */
  maxBytes?: number | undefined;
}

/**
 * Gathers tasks and executes them in batches of `maxBytes`, or what there is after `intervalMs`. The
 * task that reaches the limit is the last of its batch.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const sent: string[][] = [];
 * {
 *   await using lines = new ChunkExecutor<string>((chunk) => sent.push(chunk), { maxBytes: 10 });
 *   for (const line of ["hello", "world", "again"]) await lines.add(line, line.length);
 * }
 * assertEquals(sent, [["hello", "world"], ["again"]]);
 * ```
 */
export class ChunkExecutor<T> implements AsyncDisposable {
  readonly #executor: PeriodicalExecutor<{ task: T; bytes: number }, T[]>;

  /**
   * Makes an executor.
   *
   * @param execute Called with the tasks in the order they were added in; never with none.
   * @throws {RangeError} If an option is out of its range.
   */
  constructor(execute: (tasks: T[]) => unknown, options: ChunkExecutorOptions = {}) {
    const { maxBytes = 1024 * 1024 } = options;
    requireInteger("make chunk executor", { maxBytes }, 1);
    const tasks: T[] = [];
    let totalBytes = 0;
    this.#executor = new PeriodicalExecutor<{ task: T; bytes: number }, T[]>({
      addTask({ task, bytes }) {
        tasks.push(task);
        return (totalBytes += bytes) >= maxBytes;
      },
      removeAll() {
        totalBytes = 0;
        return tasks.splice(0);
      },
      execute,
    }, options);
  }

  /**
   * Adds a task that counts as `bytes`, >= 0; see {@link PeriodicalExecutor.add}.
   *
   * @throws {RangeError} If `bytes` is negative or no number.
   */
  async add(task: T, bytes: number): Promise<void> {
    requireSpan("add task", { bytes });
    await this.#executor.add({ task, bytes });
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
