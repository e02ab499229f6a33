import { requireInteger } from "./argument.ts";
import { runSafe, type RunSafeOptions } from "./run_safe.ts";

/**
 * Runs one job several times at once, as consumers of one queue do.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * let workers = 0;
 * await new WorkerGroup(() => void workers++, 3).start();
 * assertEquals(workers, 3);
 * ```
 */
export class WorkerGroup {
  readonly #job: (index: number) => unknown;
  readonly #workers: number;
  readonly #options: RunSafeOptions;

  /**
   * Makes a group that stands still.
   *
   * @param job Gets the index of its worker, from 0.
   * @param workers How many run, an integer >= 1.
   * @throws {RangeError} If `workers` is out of its range.
   */
  constructor(job: (index: number) => unknown, workers: number, options: RunSafeOptions = {}) {
    requireInteger("make worker group", { workers }, 1);
    this.#job = job;
    this.#workers = workers;
    this.#options = { task: "worker", ...options };
  }

  /** Runs all workers and waits for them. Failures are reported as `runSafe` does. */
  async start(): Promise<void> {
    const indices = Array.from({ length: this.#workers }, (_, index) => index);
    await Promise.all(indices.map((index) => runSafe(() => this.#job(index), this.#options)));
  }
}
