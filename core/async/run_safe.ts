import type { Logger } from "../log/logger.ts";
import { reportPanic } from "./panic.ts";

/** Options for {@link runSafe} and {@link goSafe}. */
export interface RunSafeOptions {
  /** Names the work in the log and for panic observers. @default {"task"} */
  task?: string | undefined;
  /** Run afterwards in order, whether the work failed or not; each failure is reported by itself. */
  cleanups?: readonly (() => unknown)[] | undefined;
  /** Told of failures. @default {consoleLogger} */
  logger?: Logger | undefined;
}

/**
 * Runs `fn` and waits for it. A failure, thrown or rejected, is counted, told to the panic observers
 * and logged, and goes no further.
 *
 * @returns What `fn` returned; `undefined` if it failed.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { noopLogger } from "@zeno/zeno/core/log";
 * const failing = () => { throw new Error("disk full"); };
 * assertEquals(await runSafe(failing, { logger: noopLogger }), undefined);
 * assertEquals(await runSafe(() => 42), 42);
 * ```
 */
export async function runSafe<T>(
  fn: () => T | PromiseLike<T>,
  options: RunSafeOptions = {},
): Promise<T | undefined> {
  const { task = "task", cleanups = [], logger } = options;
  try {
    return await fn();
  } catch (error) {
    reportPanic({ task, error }, logger);
    return undefined;
  } finally {
    for (const cleanup of cleanups) await runSafe(cleanup, { task: `cleanup of ${task}`, logger });
  }
}

/** Starts `fn` as {@link runSafe} does, and does not wait for it. */
export function goSafe(fn: () => unknown, options: RunSafeOptions = {}): void {
  // A microtask later, as a new thread would: what `fn` does at once must not run inside the caller.
  queueMicrotask(() => void runSafe(fn, options));
}
