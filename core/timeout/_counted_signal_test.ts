/** A signal for tests that knows how many listeners are on it, so that a leak shows. */
export class CountedSignal {
  readonly #controller = new AbortController();
  /** Listeners added and not taken away. */
  count = 0;

  constructor() {
    const { signal } = this.#controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    type Listener = EventListenerOrEventListenerObject;
    signal.addEventListener = (type: string, listener: Listener) => {
      this.count++;
      add(type, listener, { once: true });
    };
    signal.removeEventListener = (type: string, listener: Listener) => {
      this.count--;
      remove(type, listener);
    };
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(reason?: unknown): void {
    this.#controller.abort(reason);
  }
}
