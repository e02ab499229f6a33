import { AsyncCursor, StreamCursor, SyncCursor } from "./_cursors.ts";

/** Where items come from: anything that can be iterated, or a function that makes it when first needed. */
export type Source<T> = Items<T> | (() => Items<T>);

/** Items that can be iterated. */
export type Items<T> = Iterable<T> | AsyncIterable<T> | ReadableStream<T>;

/** Who is told of an item. The functions need no `this`. */
export interface Receiver<T> {
  /** Told of the next item, or of the end. */
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  /** Told of a failure. */
  readonly reject: (error: unknown) => void;
}

/** Reads a {@link Source}. Unlike an iterator it can be closed while an item is awaited. */
export interface Cursor<T> extends AsyncIterator<T, undefined, undefined> {
  /** The next item. */
  next(): Promise<IteratorResult<T, undefined>>;
  /**
   * As `next`, without a promise for each item. Never tells the receiver before it returns, so reading
   * on from there does not pile up calls. Not to be called while an answer is awaited.
   */
  read(receiver: Receiver<T>): void;
  /**
   * Closes the source. A pending `next` is told at once that there is nothing more. Resolves when the
   * source has closed, unless it was awaited, for then nobody knows when that will be.
   */
  return(): Promise<IteratorResult<T, undefined>>;
}

/**
 * Opens a source. Nothing is read, and a function is not called, before the first `next`.
 *
 * @param signal Once aborted, closes the source, and `next` rejects with its reason.
 */
export function openSource<T>(source: Source<T>, signal?: AbortSignal): Cursor<T> {
  return new LazyCursor(source, signal);
}

class LazyCursor<T> implements Cursor<T> {
  #source: Source<T> | undefined;
  readonly #signal: AbortSignal | undefined;
  #cursor: Cursor<T> | undefined;

  constructor(source: Source<T>, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#signal = signal;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#cursor) return this.#cursor.next();
    if (!this.#source) return Promise.resolve({ done: true, value: undefined });
    if (this.#signal?.aborted) {
      return this.return().then(() => Promise.reject(this.#signal!.reason));
    }
    try {
      this.#cursor = cursorOf(this.#source, this.#signal);
    } catch (error) {
      return Promise.reject(error);
    } finally {
      this.#source = undefined;
    }
    return this.#cursor.next();
  }

  read(receiver: Receiver<T>): void {
    if (this.#cursor) this.#cursor.read(receiver);
    else this.next().then(receiver.resolve, receiver.reject);
  }

  return(): Promise<IteratorResult<T, undefined>> {
    if (this.#cursor) return this.#cursor.return();
    const source = this.#source;
    this.#source = undefined;
    // A stream holds something even if nobody has read it; a function has not been called.
    if (source instanceof ReadableStream) return new StreamCursor(source).return();
    return Promise.resolve({ done: true, value: undefined });
  }
}

function cursorOf<T>(source: Source<T>, signal: AbortSignal | undefined): Cursor<T> {
  const items = typeof source === "function" ? source() : source;
  if (items instanceof ReadableStream) return new StreamCursor(items, signal);
  if (items !== null && typeof items === "object" || typeof items === "string") {
    if (Symbol.asyncIterator in Object(items)) {
      return new AsyncCursor((items as AsyncIterable<T>)[Symbol.asyncIterator](), signal);
    }
    if (Symbol.iterator in Object(items)) {
      return new SyncCursor((items as Iterable<T>)[Symbol.iterator](), signal);
    }
  }
  throw new TypeError(`Cannot read items: need something iterable, got ${typeof items}`);
}
