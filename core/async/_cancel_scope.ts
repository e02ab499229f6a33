/**
 * The outcome that concurrent parts of one operation agree on: the first failure counts. Cancelling
 * releases the caller at once, whatever still runs.
 */
export class CancelScope implements Disposable {
  readonly #outer: AbortSignal | undefined;
  readonly #onAbort = () => this.cancel(this.#outer!.reason);
  readonly #cancelled: PromiseWithResolvers<void> = Promise.withResolvers();
  /** Called at once when the scope is cancelled: a promise would let more work begin. */
  onCancel: (() => void) | undefined;
  #failure: { error: unknown } | undefined;
  #stopped = false;
  #controller: AbortController | undefined;

  /** `signal` cancels the scope with its reason. @throws That reason, if it is aborted already. */
  constructor(signal?: AbortSignal) {
    signal?.throwIfAborted();
    this.#outer = signal;
    signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Resolves when the scope is cancelled. */
  get cancelled(): Promise<void> {
    return this.#cancelled.promise;
  }

  /** Tells the parts that their work is no longer wanted. Made when first asked for. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#stopped) this.#controller.abort(this.#failure?.error);
    }
    return this.#controller.signal;
  }

  /** Records a failure, which the caller hears of when all parts have finished. */
  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  /** Tells the parts to stop. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#controller?.abort(this.#failure?.error);
  }

  /** Records a failure, tells the parts to stop, and releases the caller. */
  cancel(error: unknown): void {
    this.fail(error);
    this.stop();
    this.onCancel?.();
    this.#cancelled.resolve();
  }

  /** Throws the recorded failure, if there is one. */
  throwIfFailed(): void {
    if (this.#failure) throw this.#failure.error;
  }

  [Symbol.dispose](): void {
    this.#outer?.removeEventListener("abort", this.#onAbort);
  }
}
