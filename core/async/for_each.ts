import { workerCount } from "./argument.ts";
import { CancelScope } from "./_cancel_scope.ts";
import type { CancelContext, MapOptions } from "./map_reduce.ts";
import { CancelWithoutReasonError } from "./errors.ts";
import { openSource, type Source } from "./source.ts";
import { WorkerPump } from "./worker_pump.ts";

/**
 * Calls `fn` for each item, several at once, and waits for all.
 *
 * A failure ends the taking of items, and is thrown once the calls in flight have finished. Cancelling,
 * or aborting `signal`, releases the caller at once.
 *
 * @throws {RangeError} If `workers` is no integer.
 * @throws What `fn` or the source threw, what it was cancelled with, or the reason of `signal`.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * let sum = 0;
 * await forEach([1, 2, 3], (item) => void (sum += item), { workers: 2 });
 * assertEquals(sum, 6);
 * ```
 */
export async function forEach<T>(
  source: Source<T>,
  fn: (item: T, context: CancelContext) => unknown,
  options: MapOptions = {},
): Promise<void> {
  const workers = workerCount("run for each item", options.workers);
  using scope = new CancelScope(options.signal);
  const context: CancelContext = {
    cancel: (error) => scope.cancel(error ?? new CancelWithoutReasonError()),
    get signal() {
      return scope.signal;
    },
  };
  const pump = new WorkerPump(openSource(source), {
    workers,
    work: (item) => fn(item, context),
    onError(error) {
      scope.fail(error);
      scope.stop();
    },
  });
  scope.onCancel = () => void pump.stop().catch(() => {}); // The caller hears why instead.
  pump.start();
  await Promise.race([pump.finished, scope.cancelled]);
  scope.throwIfFailed();
}
