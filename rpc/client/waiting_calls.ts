/**
 * Calls for which there is no instance yet.
 *
 * @module
 */

interface Waiter {
  readonly isPatient: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Calls that wait for an instance. Those that give up leave nothing behind, however long there is none. */
export class WaitingCalls {
  readonly #waiters = new Set<Waiter>();

  /** Calls that wait now. */
  get size(): number {
    return this.#waiters.size;
  }

  /**
   * Resolves when let go, rejects when failed, and with the reason of `signal` once aborted.
   *
   * @param isPatient Whether the call would rather wait than fail.
   */
  add(isPatient: boolean, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiters.delete(waiter);
        signal?.removeEventListener("abort", onAbort);
      };
      const onAbort = () => waiter.reject(signal!.reason);
      const waiter: Waiter = {
        isPatient,
        resolve: () => (leave(), resolve()),
        reject: (error) => (leave(), reject(error)),
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiters.add(waiter);
    });
  }

  /** Lets go whom `mayGo` says, told whether the call is patient. */
  release(mayGo: (isPatient: boolean) => boolean): void {
    for (const waiter of [...this.#waiters]) if (mayGo(waiter.isPatient)) waiter.resolve();
  }

  /** Fails those who are not patient, or all. */
  fail(error: unknown, options: { all?: boolean } = {}): void {
    for (const waiter of [...this.#waiters]) {
      if (options.all || !waiter.isPatient) waiter.reject(error);
    }
  }
}
