/**
 * An event that happens once, for those who wait and those who look. Firing it again does nothing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const ready = new OneShot();
 * ready.done.then(() => console.log("ready"));
 * assertEquals([ready.fire(), ready.fire(), ready.fired], [true, false, true]);
 * ```
 */
export class OneShot implements Disposable {
  readonly #done: PromiseWithResolvers<void> = Promise.withResolvers();
  #controller: AbortController | undefined;
  #fired = false;

  /** Whether it has happened. */
  get fired(): boolean {
    return this.#fired;
  }

  /** Resolves when it happens. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  /** Aborted when it happens, for whatever takes a signal. Made when first asked for. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#fired) this.#controller.abort();
    return this.#controller.signal;
  }

  /** Makes it happen: true the first time only. */
  fire(): boolean {
    if (this.#fired) return false;
    this.#fired = true;
    this.#controller?.abort();
    this.#done.resolve();
    return true;
  }

  /** The same as {@link fire}. */
  [Symbol.dispose](): void {
    this.fire();
  }
}
