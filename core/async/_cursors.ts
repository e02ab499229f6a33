import type { Cursor } from "./source.ts";

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
export class AsyncCursor<T> implements Cursor<T> {
  readonly #iterator: AsyncIterator<T>;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.#abort();
  #pending: PromiseWithResolvers<Result<T>> | undefined;
  #closed = false;
  #failure: { error: unknown } | undefined;

  constructor(iterator: AsyncIterator<T>, signal: AbortSignal | undefined) {
    this.#iterator = iterator;
    this.#signal = signal;
    signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  next(): Promise<Result<T>> {
    if (this.#closed) {
      const failure = this.#failure;
      this.#failure = undefined;
      return failure ? Promise.reject(failure.error) : Promise.resolve(DONE);
    }
    const pending = Promise.withResolvers<Result<T>>();
    this.#pending = pending;
    let result: Promise<IteratorResult<T>>;
    try {
      result = Promise.resolve(this.#iterator.next());
    } catch (error) {
      result = Promise.reject(error);
    }
    result.then((it) => this.#settle(pending, it), (error) => this.#fail(pending, error));
    return pending.promise;
  }

  async return(): Promise<Result<T>> {
    if (this.#closed) return DONE;
    this.#close();
    const pending = this.#pending;
    const closing = this.#closeIterator();
    if (!pending) {
      await closing;
      return DONE;
    }
    // The iterator answers when its `next` has, which may be never. Its fault has nobody to go to.
    closing.catch(() => {});
    pending.resolve(DONE);
    return DONE;
  }

  #settle(pending: PromiseWithResolvers<Result<T>>, result: IteratorResult<T>): void {
    this.#pending = undefined;
    if (result.done) this.#close();
    pending.resolve(result.done ? DONE : result);
  }

  #fail(pending: PromiseWithResolvers<Result<T>>, error: unknown): void {
    this.#pending = undefined;
    this.#close();
    pending.reject(error);
  }

  #abort(): void {
    this.#close();
    this.#closeIterator().catch(() => {});
    if (this.#pending) this.#pending.reject(this.#signal!.reason);
    else this.#failure = { error: this.#signal!.reason };
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
