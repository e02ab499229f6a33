import type { Cursor, Receiver } from "./source.ts";

type Result<T> = IteratorResult<T, undefined>;

/** A cursor that answers one receiver at a time; `next` is made of it. Used inside map-reduce and streams. */
export abstract class ReceiverCursor<T> implements Cursor<T> {
  #resolve: Receiver<T>["resolve"] | undefined;
  #reject: Receiver<T>["reject"] | undefined;
  #last: Promise<Result<T>> | undefined;

  next(): Promise<Result<T>> {
    // Whoever asks before the last answer has come waits for it.
    if (this.#resolve) return this.#last!.then(() => this.next(), () => this.next());
    return this.#last = new Promise(this.#executor);
  }

  read({ resolve, reject }: Receiver<T>): void {
    this.#resolve = resolve;
    this.#reject = reject;
    this.pull();
  }

  abstract return(): Promise<Result<T>>;

  /** Sees to it that {@link resolve} or {@link reject} is called, but not before it returns. */
  protected abstract pull(): void;

  /** Whether a receiver waits. */
  protected get waiting(): boolean {
    return this.#resolve !== undefined;
  }

  /** Answers whoever waits, if somebody does. */
  protected resolve(result: Result<T>): void {
    const resolve = this.#resolve;
    this.#resolve = undefined;
    resolve?.(result);
  }

  /** Fails whoever waits, if somebody does. */
  protected reject(error: unknown): void {
    if (!this.#resolve) return;
    this.#resolve = undefined;
    this.#reject!(error);
  }

  // Made once for each cursor, not once for each item.
  readonly #executor = (resolve: (result: Result<T>) => void, reject: (error: unknown) => void) => {
    this.#resolve = resolve;
    this.#reject = reject;
    this.pull();
  };
}
