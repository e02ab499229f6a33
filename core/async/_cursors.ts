import { ReceiverCursor } from "./receiver_cursor.ts";
import type { Cursor, Receiver } from "./source.ts";

type Result<T> = IteratorResult<T, undefined>;
const DONE: Result<never> = { done: true, value: undefined };

/** Reads a synchronous iterator. It never waits, so there is nothing to interrupt. */
export class SyncCursor<T> implements Cursor<T> {
  readonly #iterator: Iterator<T>;
  readonly #signal: AbortSignal | undefined;
  #closed = false;

  constructor(iterator: Iterator<T>, signal: AbortSignal | undefined) {
    this.#iterator = iterator;
    this.#signal = signal;
  }

  next(): Promise<Result<T>> {
    if (this.#closed) return Promise.resolve(DONE);
    if (this.#signal?.aborted) {
      return this.return().then(() => Promise.reject(this.#signal!.reason));
    }
    try {
      const result = this.#iterator.next();
      if (!result.done) return Promise.resolve(result);
      this.#closed = true;
      return Promise.resolve(DONE);
    } catch (error) {
      this.#closed = true;
      return Promise.reject(error);
    }
  }

  read(receiver: Receiver<T>): void {
    this.next().then(receiver.resolve, receiver.reject);
  }

  return(): Promise<Result<T>> {
    if (this.#closed) return Promise.resolve(DONE);
    this.#closed = true;
    try {
      this.#iterator.return?.();
      return Promise.resolve(DONE);
    } catch (error) {
      return Promise.reject(error);
    }
  }
}

/** Reads an asynchronous iterator, whose own `return` would wait for a pending `next`. */
export class AsyncCursor<T> extends ReceiverCursor<T> {
  readonly #iterator: AsyncIterator<T>;
  readonly #signal: AbortSignal | undefined;
  #closed = false;
  #failure: { error: unknown } | undefined;

  constructor(iterator: AsyncIterator<T>, signal: AbortSignal | undefined) {
    super();
    this.#iterator = iterator;
    this.#signal = signal;
    signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  async return(): Promise<Result<T>> {
    if (this.#closed) return DONE;
    this.#close();
    const closing = this.#closeIterator();
    if (!this.waiting) {
      await closing;
      return DONE;
    }
    // The iterator answers when its `next` has, which may be never. Its fault has nobody to go to.
    closing.catch(() => {});
    this.resolve(DONE);
    return DONE;
  }

  protected pull(): void {
    if (this.#closed) return this.#pullAfterClose();
    try {
      Promise.resolve(this.#iterator.next()).then(this.#onResult, this.#onError);
    } catch (error) {
      Promise.reject(error).catch(this.#onError);
    }
  }

  // Made once for each cursor, not once for each item.

  readonly #onResult = (result: IteratorResult<T>): void => {
    if (this.#closed) return; // And whoever waited has been told.
    if (result.done) this.#close();
    this.resolve(result.done ? DONE : result);
  };

  readonly #onError = (error: unknown): void => {
    if (this.#closed) return;
    this.#close();
    this.reject(error);
  };

  readonly #onAbort = (): void => {
    this.#close();
    this.#closeIterator().catch(() => {});
    const { reason } = this.#signal!;
    if (this.waiting) this.reject(reason);
    else this.#failure = { error: reason };
  };

  #pullAfterClose(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) Promise.reject(failure.error).catch((error) => this.reject(error));
    else Promise.resolve(DONE).then((done) => this.resolve(done));
  }

  #close(): void {
    this.#closed = true;
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }

  async #closeIterator(): Promise<void> {
    await this.#iterator.return?.();
  }
}

/** Reads a web stream. Cancelling it settles a pending read. */
export class StreamCursor<T> implements Cursor<T> {
  readonly #reader: ReadableStreamDefaultReader<T>;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => void this.#reader.cancel(this.#signal!.reason).catch(() => {});
  #closed = false;

  constructor(stream: ReadableStream<T>, signal?: AbortSignal) {
    this.#reader = stream.getReader();
    this.#signal = signal;
    signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  async next(): Promise<Result<T>> {
    if (this.#closed) return DONE;
    try {
      const { done, value } = await this.#reader.read();
      if (!done) return { done, value };
    } catch (error) {
      this.#close();
      throw error;
    }
    const closed = this.#closed; // By `return`, which is no failure.
    this.#close();
    if (!closed) this.#signal?.throwIfAborted();
    return DONE;
  }

  read(receiver: Receiver<T>): void {
    this.next().then(receiver.resolve, receiver.reject);
  }

  async return(): Promise<Result<T>> {
    if (this.#closed) return DONE;
    this.#closed = true;
    try {
      await this.#reader.cancel();
    } finally {
      this.#close();
    }
    return DONE;
  }

  #close(): void {
    this.#closed = true;
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#reader.releaseLock();
  }
}
