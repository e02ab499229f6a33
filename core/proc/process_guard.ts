import { consoleLogger } from "../log/create_logger.ts";
import type { Logger } from "../log/logger.ts";
import { reasonOf } from "../log/value_renderer.ts";

/** What {@link guardProcess} caught. */
export type UncaughtKind = "error" | "unhandledrejection";

/** Options for {@link guardProcess}. */
export interface ProcessGuardOptions {
  /** Told of what was caught, at level error, with the stack. @default {consoleLogger} */
  logger?: Logger | undefined;
  /** Called for each, to count or report them. What it throws is logged. */
  onError?: ((error: unknown, kind: UncaughtKind) => void) | undefined;
  /** Where the events come from; tests pass their own. @default {globalThis} */
  target?: EventTarget | undefined;
}

/** Keeps the process alive until disposed. */
export interface ProcessGuard extends Disposable {
  /** How much it has caught. */
  readonly caught: number;
  /** Gives the process back to the platform, which ends it at the next uncaught error. */
  [Symbol.dispose](): void;
}

/**
 * Keeps one forgotten `await` from ending the process: an error thrown in a timer or a rejection that
 * nobody handles is logged and counted, and the process goes on.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { systemClock } from "@zeno/zeno/core/clock";
 * import { noopLogger } from "@zeno/zeno/core/log";
 * const seen: unknown[] = [];
 * using guard = guardProcess({ logger: noopLogger, onError: (error) => seen.push(error) });
 * Promise.reject("forgotten");
 * await systemClock.sleep(0, { keepAlive: true }); // The event comes after the microtasks.
 * assertEquals([guard.caught, seen], [1, ["forgotten"]]);
 * ```
 */
export function guardProcess(options: ProcessGuardOptions = {}): ProcessGuard {
  const { logger = consoleLogger, onError, target = globalThis } = options;
  let caught = 0;
  const handle = (event: Event, kind: UncaughtKind, thrown: unknown) => {
    event.preventDefault(); // The default is the end of the process.
    caught++;
    logger.error(`Cannot go unhandled: ${kind}: ${reasonOf(thrown)}`, {
      error: thrown,
      stack: thrown instanceof Error ? thrown.stack : undefined,
    });
    try {
      onError?.(thrown, kind);
    } catch (error) {
      logger.error(`Cannot report uncaught error: ${reasonOf(error)}`, { error });
    }
  };
  const onRejection = (event: Event) =>
    handle(event, "unhandledrejection", (event as PromiseRejectionEvent).reason);
  const onUncaught = (event: Event) => handle(event, "error", (event as ErrorEvent).error);
  target.addEventListener("unhandledrejection", onRejection);
  target.addEventListener("error", onUncaught);
  return {
    get caught() {
      return caught;
    },
    [Symbol.dispose]() {
      target.removeEventListener("unhandledrejection", onRejection);
      target.removeEventListener("error", onUncaught);
    },
  };
}
