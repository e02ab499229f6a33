import type { Cursor, Receiver } from "./source.ts";

/** Options for {@link WorkerPump}. */
export interface WorkerPumpOptions<T> {
  /** Items worked on at once, >= 1. */
  workers: number;
  /** Works on an item. */
  work(item: T): unknown;
  /** Told of the first failure, of the source or of the work, as it happens. */
  onError(error: unknown): void;
}

/**
 * Takes items from a source as workers become free, so a slow worker holds back the source. The first
 * failure ends the taking. Used inside map-reduce and streams.
 */
export class WorkerPump<T> {
  readonly #cursor: Cursor<T>;
  readonly #options: WorkerPumpOptions<T>;
  readonly #finished: PromiseWithResolvers<void> = Promise.withResolvers();
  #active = 0;
  #pulling = false;
  #ended = false;
  #failed = false;
  #closing = false;

  /** Makes a pump that stands still until {@link start}. */
  constructor(cursor: Cursor<T>, options: WorkerPumpOptions<T>) {
    this.#cursor = cursor;
    this.#options = options;
  }

  /** Resolves when no more items come and all work has settled. It never rejects. */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  /** Begins to take items. */
  start(): void {
    this.#pull();
  }

  /** Takes no more items and closes the source. Work in progress goes on. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.#closing = true;
    try {
      await this.#cursor.return();
    } finally {
      this.#closing = false;
      this.#settle();
    }
  }

  #pull(): void {
    if (this.#pulling || this.#ended || this.#active >= this.#options.workers) return;
    this.#pulling = true;
    this.#cursor.read(this.#receiver);
  }

  // Made once for each pump, not once for each item.

  readonly #receiver: Receiver<T> = {
    resolve: (result) => {
      this.#pulling = false;
      if (this.#ended) return;
      if (result.done) {
        this.#ended = true;
        return this.#settle();
      }
      this.#begin(result.value);
      this.#pull();
    },
    reject: (error) => {
      this.#pulling = false;
      this.#ended = true;
      this.#fail(error);
      this.#settle();
    },
  };

  readonly #onDone = (): void => this.#end(undefined);

  #begin(item: T): void {
    this.#active++;
    let result: unknown;
    try {
      result = this.#options.work(item);
    } catch (error) {
      return this.#end({ error });
    }
    // Work that did not wait costs no further turn of the microtask queue.
    if (!isThenable(result)) return this.#end(undefined);
    result.then(this.#onDone, (error) => this.#end({ error }));
  }

  #end(failure: { error: unknown } | undefined): void {
    this.#active--;
    if (failure) {
      this.#fail(failure.error);
      // The first failure is what the caller hears of; one of closing comes after it.
      this.stop().catch(() => {});
    }
    this.#pull();
    this.#settle();
  }

  #fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#options.onError(error);
  }

  #settle(): void {
    if (this.#ended && this.#active === 0 && !this.#closing) this.#finished.resolve();
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}
