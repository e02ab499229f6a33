/**
 * Streams that cannot begin yet.
 *
 * @module
 */

/**
 * A stream that begins once `ready` has resolved. A reader that leaves before does not have to wait for that, and then it
 * never begins.
 *
 * @param ready Resolves when the stream can begin; should reject when its signal is aborted.
 * @param begin Makes the stream.
 */
export function lateStream<T>(
  ready: (signal: AbortSignal) => Promise<void>,
  begin: () => AsyncIterable<T>,
): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => new LateIterator(ready, begin) };
}

class LateIterator<T> implements AsyncIterator<T> {
  readonly #ready: (signal: AbortSignal) => Promise<void>;
  readonly #begin: () => AsyncIterable<T>;
  readonly #left = new AbortController();
  #starting: Promise<AsyncIterator<T>> | undefined;
  #items: AsyncIterator<T> | undefined;

  constructor(ready: (signal: AbortSignal) => Promise<void>, begin: () => AsyncIterable<T>) {
    this.#ready = ready;
    this.#begin = begin;
  }

  async next(): Promise<IteratorResult<T>> {
    const items = this.#items ?? await (this.#starting ??= this.#start());
    return await items.next();
  }

  async return(): Promise<IteratorResult<T>> {
    this.#left.abort();
    await this.#items?.return?.();
    return { done: true, value: undefined };
  }

  async #start(): Promise<AsyncIterator<T>> {
    const { signal } = this.#left;
    await this.#ready(signal);
    signal.throwIfAborted();
    return this.#items = this.#begin()[Symbol.asyncIterator]();
  }
}
