import { type Clock, systemClock, type Timer } from "../clock.ts";
import type { Logger } from "../log/logger.ts";
import { abortable } from "./_abortable.ts";
import { ClosedError } from "./errors.ts";
import type { WaitOptions } from "./mutex.ts";
import { reportPanic } from "./panic.ts";

/** Where a {@link PeriodicalExecutor} keeps tasks until they are executed as one batch. */
export interface TaskContainer<T, B> {
  /** Keeps a task; true asks for the batch to be executed now. */
  addTask(task: T): boolean;
  /** Takes everything that is kept. */
  removeAll(): B;
  /** Executes a batch. What it throws is reported; the batch is lost, later ones are not. */
  execute(batch: B): unknown;
}

/** Something that runs functions before the process ends, as `Shutdown` of `core/proc` does. */
export interface ShutdownHook {
  /** Adds a function; the answer takes it away again. */
  onShutdown(fn: (signal: AbortSignal) => void | Promise<void>): () => void;
}

/** Options of all executors that gather tasks. */
export interface ExecutorOptions {
  /** How long a task is kept at most before its batch is due, in ms, > 0. @default {1000} */
  intervalMs?: number | undefined;
  /** Names the work in the log and for panic observers. @default {"batch"} */
  task?: string | undefined;
  /** Flushes when the process stops, until the executor is disposed. */
  shutdown?: ShutdownHook | undefined;
  /** Told of batches that failed. @default {consoleLogger} */
  logger?: Logger | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/**
 * Gathers tasks and executes them as batches: when the container asks for it, or `intervalMs` after the
 * first task of the batch. Batches due are executed one after another, in order; none is split, merged
 * or empty. A timer exists only while tasks are kept.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * let kept: string[] = [];
 * const written: string[][] = [];
 * await using executor = new PeriodicalExecutor<string, string[]>({
 *   addTask: (line) => kept.push(line) >= 2,
 *   removeAll: () => kept.splice(0),
 *   execute: (lines) => written.push(lines),
 * });
 * await executor.add("a");
 * await executor.add("b");
 * await executor.add("c");
 * await executor.wait();
 * assertEquals(written, [["a", "b"], ["c"]]);
 * ```
 */
export class PeriodicalExecutor<T, B> implements AsyncDisposable {
  readonly #container: TaskContainer<T, B>;
  readonly #intervalMs: number;
  readonly #clock: Clock;
  readonly #logger: Logger | undefined;
  readonly #task: string;
  readonly #running = new Set<Promise<void>>();
  readonly #unregister: (() => void) | undefined;
  /** Settles when the batches that were due have been executed. */
  #turn: Promise<void> = Promise.resolve();
  #timer: Timer | undefined;
  #disposed: Promise<void> | undefined;

  /** Makes an executor. @throws {RangeError} If `intervalMs` is not above 0. */
  constructor(container: TaskContainer<T, B>, options: ExecutorOptions = {}) {
    const { intervalMs = 1000, clock = systemClock } = options;
    if (!(intervalMs > 0)) {
      throw new RangeError(`Cannot make executor: need intervalMs > 0, got ${intervalMs}`);
    }
    this.#container = container;
    this.#intervalMs = intervalMs;
    this.#clock = clock;
    this.#logger = options.logger;
    this.#task = options.task ?? "batch";
    this.#unregister = options.shutdown?.onShutdown((signal) => this.wait({ signal }));
  }

  /**
   * Adds a task. If that makes a batch due, resolves when its execution begins, else at once: producers
   * that await this are at most one batch ahead.
   *
   * @throws {ClosedError} If the executor is disposed.
   */
  async add(task: T): Promise<void> {
    if (this.#disposed) throw new ClosedError("add task", "executor");
    if (this.#container.addTask(task)) {
      await this.#schedule(this.#take());
    } else if (!this.#timer) {
      this.#timer = this.#clock.setTimer(() => this.#onTimer(), this.#intervalMs);
    }
  }

  /**
   * Executes what is kept, in the caller, beside a batch that may be running.
   *
   * @returns Whether there was something.
   */
  async flush(): Promise<boolean> {
    const batch = this.#take();
    if (!hasTasks(batch)) return false;
    await this.#execute(batch);
    return true;
  }

  /**
   * Flushes, then waits for all executions in progress or due.
   *
   * @throws The reason of `signal` once aborted; executions go on.
   */
  async wait(options: WaitOptions = {}): Promise<void> {
    await abortable(this.#drain(), options.signal);
  }

  /** Flushes, waits, and lets go of the shutdown hook. Tasks are refused from now on. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#unregister?.();
    return this.#disposed ??= this.#drain();
  }

  async #drain(): Promise<void> {
    await this.flush();
    await this.#turn;
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #onTimer(): void {
    try {
      const batch = this.#take();
      if (hasTasks(batch)) void this.#schedule(batch);
    } catch (error) {
      reportPanic({ task: this.#task, error }, this.#logger); // Nobody else would hear of it.
    }
  }

  #take(): B {
    this.#timer?.cancel();
    this.#timer = undefined;
    return this.#container.removeAll();
  }

  /** Queues a batch; resolves when its turn has come. */
  #schedule(batch: B): Promise<void> {
    const begun = this.#turn;
    this.#turn = begun.then(() => this.#execute(batch));
    return begun;
  }

  async #execute(batch: B): Promise<void> {
    const execution = this.#attempt(batch);
    this.#running.add(execution);
    await execution;
    this.#running.delete(execution);
  }

  async #attempt(batch: B): Promise<void> {
    try {
      await this.#container.execute(batch);
    } catch (error) {
      reportPanic({ task: this.#task, error }, this.#logger);
    }
  }
}

/** An empty list, map or set is nothing, and so is `null`; any other value is something. */
function hasTasks(batch: unknown): boolean {
  if (Array.isArray(batch)) return batch.length > 0;
  if (batch instanceof Map || batch instanceof Set) return batch.size > 0;
  return batch !== undefined && batch !== null;
}
