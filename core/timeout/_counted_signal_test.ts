/** A signal for tests that knows how many listeners are on it, so that a leak shows. */
export class CountedSignal {
  readonly #controller = new AbortController();
  readonly #listeners = new Set<unknown>();

  constructor() {
    const { signal } = this.#controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    type Listener = EventListenerOrEventListenerObject;
    signal.addEventListener = (type: string, listener: Listener) => {
      this.#listeners.add(listener);
      add(type, listener, { once: true });
    };
    signal.removeEventListener = (type: string, listener: Listener) => {
      this.#listeners.delete(listener);
      remove(type, listener);
    };
  }

  /** Listeners added and not taken away. */
  get count(): number {
    return this.#listeners.size;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(reason?: unknown): void {
    this.#controller.abort(reason);
  }
}
