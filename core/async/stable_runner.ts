import { requireInteger } from "./argument.ts";
import { BoundedQueue } from "./bounded_queue.ts";
import { ClosedError } from "./errors.ts";
import type { WaitOptions } from "./mutex.ts";
import { TaskRunner } from "./task_runner.ts";

/** Options for {@link StableRunner}. */
export interface StableRunnerOptions {
  /** Values handled at once, an integer >= 1. @default {16} */
  workers?: number | undefined;
  /** Results that wait to be taken before pushes wait, an integer >= 1. @default {10 * workers} */
  capacity?: number | undefined;
}

/** A result on its way: settled when its value has been handled. */
type Slot<R> = { readonly result: Promise<R> };

/**
 * Handles values concurrently and gives the results in the order of the values.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const runner = new StableRunner(async (value: number) => await Promise.resolve(value * 2));
 * for (const value of [1, 2, 3]) await runner.push(value);
 * runner.close();
 * assertEquals(await Array.fromAsync(runner), [2, 4, 6]);
 * ```
 */
export class StableRunner<T, R> implements AsyncIterable<R>, Disposable {
  readonly #handle: (value: T) => R | PromiseLike<R>;
  readonly #slots: BoundedQueue<Slot<R>>;
  readonly #runner: TaskRunner;

  /** Makes a runner. @throws {RangeError} If an option is out of its range. */
  constructor(handle: (value: T) => R | PromiseLike<R>, options: StableRunnerOptions = {}) {
    const { workers = 16 } = options;
    requireInteger("make stable runner", { workers }, 1);
    const { capacity = 10 * workers } = options;
    requireInteger("make stable runner", { capacity }, 1);
    this.#handle = handle;
    this.#slots = new BoundedQueue({ capacity });
    this.#runner = new TaskRunner(workers);
  }

  /**
   * Gives a value to be handled, waiting while too many results have not been taken.
   *
   * @throws {ClosedError} If the runner is closed.
   * @throws The reason of `signal` once aborted; the value is not handled then.
   */
  async push(value: T, options: WaitOptions = {}): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<R>();
    promise.catch(() => {}); // Whoever takes the result hears of it.
    await this.#slots.push({ result: promise }, options);
    const handle = async () => {
      try {
        resolve(await this.#handle(value));
      } catch (error) {
        reject(error);
      }
    };
    // Not awaited: the place in the order is taken, and the place among the workers will come.
    void this.#runner.schedule(handle);
  }

  /**
   * The next result, in the order of the pushes.
   *
   * @throws What handling its value threw.
   * @throws {ClosedError} If the runner is closed and all results were taken.
   */
  async get(options: WaitOptions = {}): Promise<R> {
    let slot: Slot<R>;
    try {
      slot = await this.#slots.pop(options);
    } catch (error) {
      throw error instanceof ClosedError ? new ClosedError("get result", "stable runner") : error;
    }
    return await slot.result;
  }

  /** Takes no more values. Those it has are handled, and their results can be taken. */
  close(): void {
    this.#slots.close();
  }

  /** The same as {@link close}; results that were not taken are dropped. */
  [Symbol.dispose](): void {
    this.#slots[Symbol.dispose]();
  }

  /** Takes results until the runner is closed and all were taken. Throws what handling threw. */
  async *[Symbol.asyncIterator](): AsyncIterator<R> {
    for await (const { result } of this.#slots) yield await result;
  }
}
