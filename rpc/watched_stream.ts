/**
 * Knowing how a stream ends.
 *
 * @module
 */

/** How a stream ended: it was read to its end, its reader left, or it failed. */
export type StreamEnd =
  | { readonly kind: "done" }
  | { readonly kind: "left" }
  | { readonly kind: "failed"; readonly error: unknown };

/**
 * Passes on the items of a stream and tells how it ended, once. What `onEnd` answers to a failure is thrown in its place, if
 * it answers something. Cheaper than a generator around the stream: an item costs one call more.
 *
 * @param begin Makes the stream when its first item is asked for; what it throws is a failure of the stream.
 */
export function watchStream<T>(
  begin: () => AsyncIterable<T>,
  onEnd: (end: StreamEnd) => unknown,
  onItem?: (item: T) => void,
): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => new WatchedStream(begin, onEnd, onItem) };
}

class WatchedStream<T> implements AsyncIterator<T, undefined> {
  readonly #begin: () => AsyncIterable<T>;
  readonly #onEnd: (end: StreamEnd) => unknown;
  readonly #onItem: ((item: T) => void) | undefined;
  #items: AsyncIterator<T> | undefined;
  #ended = false;

  constructor(
    begin: () => AsyncIterable<T>,
    onEnd: (end: StreamEnd) => unknown,
    onItem: ((item: T) => void) | undefined,
  ) {
    this.#begin = begin;
    this.#onEnd = onEnd;
    this.#onItem = onItem;
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    if (this.#ended) return { done: true, value: undefined };
    try {
      const items = this.#items ??= this.#begin()[Symbol.asyncIterator]();
      const result = await items.next();
      if (!result.done) {
        this.#onItem?.(result.value);
        return result;
      }
    } catch (error) {
      throw this.#end({ kind: "failed", error }) ?? error;
    }
    this.#end({ kind: "done" });
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    // First: whoever makes the items may take its time to notice.
    this.#end({ kind: "left" });
    await this.#items?.return?.();
    return { done: true, value: undefined };
  }

  #end(end: StreamEnd): unknown {
    if (this.#ended) return undefined;
    this.#ended = true;
    return this.#onEnd(end);
  }
}
