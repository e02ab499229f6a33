/**
 * Answers a function that calls `fn` the first time only and then returns, or throws, the same again.
 * For an asynchronous `fn` that is the same promise, so concurrent callers share one run.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * let calls = 0;
 * const connect = once(() => Promise.resolve(++calls));
 * assertEquals(await Promise.all([connect(), connect()]), [1, 1]);
 * ```
 */
export function once<T>(fn: () => T): () => T {
  let pending: (() => T) | undefined = fn;
  let outcome: { value: T } | { error: unknown } | undefined;
  return () => {
    if (pending) {
      const run = pending;
      pending = undefined; // First, so that a call from inside `fn` does not run it again.
      try {
        outcome = { value: run() };
      } catch (error) {
        outcome = { error };
      }
    }
    if (!outcome) throw new TypeError("Cannot call function: it is being run by this very call");
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  };
}
