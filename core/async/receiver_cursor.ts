import type { Cursor, Receiver } from "./source.ts";

type Result<T> = IteratorResult<T, undefined>;

/** A cursor that answers one receiver at a time; `next` is made of it. Used inside map-reduce and streams. */
export abstract class ReceiverCursor<T> implements Cursor<T> {
  #receiver: Receiver<T> | undefined;
  #last: Promise<Result<T>> | undefined;

  next(): Promise<Result<T>> {
    // Whoever asks before the last answer has come waits for it.
    if (this.#receiver) return this.#last!.then(() => this.next(), () => this.next());
    return this.#last = new Promise(this.#executor);
  }

  read(receiver: Receiver<T>): void {
    this.#receiver = receiver;
    this.pull();
  }

  abstract return(): Promise<Result<T>>;

  /** Sees to it that {@link resolve} or {@link reject} is called, but not before it returns. */
  protected abstract pull(): void;

  /** Whether a receiver waits. */
  protected get waiting(): boolean {
    return this.#receiver !== undefined;
  }

  /** Answers whoever waits, if somebody does. */
  protected resolve(result: Result<T>): void {
    const receiver = this.#receiver;
    this.#receiver = undefined;
    receiver?.resolve(result);
  }

  /** Fails whoever waits, if somebody does. */
  protected reject(error: unknown): void {
    const receiver = this.#receiver;
    this.#receiver = undefined;
    receiver?.reject(error);
  }

  // Made once for each cursor, not once for each item.
  readonly #executor = (
    resolve: (result: Result<T>) => void,
    reject: (error: unknown) => void,
  ): void => this.read({ resolve, reject });
}
