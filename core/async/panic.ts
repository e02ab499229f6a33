import { consoleLogger } from "../log/create_logger.ts";
import type { Logger } from "../log/logger.ts";
import { reasonOf } from "../log/value_renderer.ts";

/** A failure of work that nobody awaits. */
export interface Panic {
  /** What was thrown. */
  readonly error: unknown;
  /** The name of the work, for a label: of few values. */
  readonly task: string;
}

/** Told of each {@link Panic}. */
export type PanicObserver = (panic: Panic) => void;

let count = 0;
const observers = new Set<{ observe: PanicObserver }>();

/** How many panics this program has seen. */
export function panicCount(): number {
  return count;
}

/**
 * Calls `observer` for every panic from now on, so that metrics can count them. Disposing the answer
 * ends it. What an observer throws is logged and touches nothing else.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { noopLogger } from "@zeno/zeno/core/log";
 * const seen: string[] = [];
 * using _observing = onPanic(({ task }) => seen.push(task));
 * reportPanic({ task: "mail", error: new Error("no route") }, noopLogger);
 * assertEquals(seen, ["mail"]);
 * ```
 */
export function onPanic(observer: PanicObserver): Disposable {
  const entry = { observe: observer }; // A wrapper: one function added twice is two observers.
  observers.add(entry);
  return { [Symbol.dispose]: () => void observers.delete(entry) };
}

/**
 * Counts a panic, tells the observers, and logs it with its stack. Never throws.
 *
 * Call it where work fails that nobody awaits, so that the failure is seen.
 */
export function reportPanic(panic: Panic, logger: Logger = consoleLogger): void {
  count++;
  const { task, error } = panic;
  for (const { observe } of observers) {
    try {
      observe(panic);
    } catch (fault) {
      logger.error(`Cannot observe panic: ${reasonOf(fault)}`, { error: fault });
    }
  }
  const stack = error instanceof Error ? error.stack : undefined;
  logger.error(`Cannot finish ${task}: ${reasonOf(error)}`, { error, stack });
}
