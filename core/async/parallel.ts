import { runSafe, type RunSafeOptions } from "./run_safe.ts";
import { forEach } from "./for_each.ts";
import type { TaskContext } from "./finish.ts";
import type { MapOptions } from "./map_reduce.ts";

/**
 * Runs all functions and waits for all, whatever some of them throw.
 *
 * @param options `workers`: run at once; all by default. `signal`: releases the caller.
 * @returns What the functions returned, in their order.
 * @throws What failed: the error itself if there is one, an `AggregateError` with all of them in the
 * order of the functions and their messages joined by newlines if there are several.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(await parallel([() => 1, () => Promise.resolve(2)]), [1, 2]);
 * ```
 */
export async function parallel<T>(
  fns: readonly ((context: TaskContext) => T | PromiseLike<T>)[],
  options: MapOptions = {},
): Promise<T[]> {
  const results = new Array<T>(fns.length);
  const failures: { index: number; error: unknown }[] = [];
  await forEach(fns.entries(), async ([index, fn], context) => {
    try {
      results[index] = await fn(context);
    } catch (error) {
      failures.push({ index, error });
    }
  }, { workers: options.workers ?? Infinity, signal: options.signal });
  if (failures.length > 0) throw combined(failures);
  return results;
}

/** Runs all functions at once and waits for all. Failures are reported as `runSafe` does. */
export async function parallelSafe(
  fns: readonly (() => unknown)[],
  options: RunSafeOptions = {},
): Promise<void> {
  await Promise.all(fns.map((fn) => runSafe(fn, options)));
}

function combined(failures: { index: number; error: unknown }[]): unknown {
  if (failures.length === 1) return failures[0]!.error;
  const errors = failures.toSorted((a, b) => a.index - b.index).map(({ error }) => error);
  const messages = errors.map((error) => error instanceof Error ? error.message : String(error));
  return new AggregateError(errors, messages.join("\n"));
}
