import { CancelScope } from "./_cancel_scope.ts";

/** What the functions of {@link finish}, {@link finishVoid} and `parallel` get. */
export interface TaskContext {
  /** Aborted when the result no longer depends on the function. Made when first asked for. */
  readonly signal: AbortSignal;
}

/** Options for {@link finish} and {@link finishVoid}. */
export interface FinishOptions {
  /** Releases the caller, rejecting with its reason. */
  signal?: AbortSignal | undefined;
}

/**
 * Runs all functions at once and waits until all have succeeded or one has failed. Those that still
 * run then are told through their signal, and not waited for.
 *
 * @throws What the first to fail threw, or the reason of `signal`.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const page: Record<string, string> = {};
 * await finish([
 *   async () => { page.user = await Promise.resolve("ann"); },
 *   async () => { page.cart = await Promise.resolve("empty"); },
 * ]);
 * assertEquals(page, { user: "ann", cart: "empty" });
 * ```
 */
export async function finish(
  fns: readonly ((context: TaskContext) => unknown)[],
  options: FinishOptions = {},
): Promise<void> {
  using scope = new CancelScope(options.signal);
  const all = Promise.all(fns.map(async (fn) => {
    try {
      await fn(scope);
    } catch (error) {
      scope.cancel(error);
    }
  }));
  await Promise.race([all, scope.cancelled]);
  scope.throwIfFailed();
}

/**
 * Runs all functions at once and waits until all have finished, whether they succeed or not.
 *
 * @throws What the first to fail threw, once all have finished; or the reason of `signal`, at once.
 */
export async function finishVoid(
  fns: readonly ((context: TaskContext) => unknown)[],
  options: FinishOptions = {},
): Promise<void> {
  using scope = new CancelScope(options.signal);
  const all = Promise.all(fns.map(async (fn) => {
    try {
      await fn(scope);
    } catch (error) {
      scope.fail(error);
    }
  }));
  await Promise.race([all, scope.cancelled]);
  scope.throwIfFailed();
}
