import type { Cursor } from "../async/source.ts";

/** A step of a stream, written as a generator over the items before it. */
export type Step<I, O> = (items: AsyncIterable<I>) => AsyncGenerator<O, void, undefined>;

/**
 * Runs a {@link Step}. Where a generator alone would answer `return` only when the item it awaits has
 * come, this closes what is before it first, which ends that wait.
 */
export class Stage<I, O> implements Cursor<O> {
  readonly #upstream: Cursor<I>;
  readonly #generator: AsyncGenerator<O, void, undefined>;
  #closed = false;

  constructor(upstream: Cursor<I>, step: Step<I, O>) {
    this.#upstream = upstream;
    this.#generator = step({ [Symbol.asyncIterator]: () => upstream });
  }

  next(): Promise<IteratorResult<O, undefined>> {
    if (this.#closed) return Promise.resolve({ done: true, value: undefined });
    return this.#generator.next() as Promise<IteratorResult<O, undefined>>;
  }

  async return(): Promise<IteratorResult<O, undefined>> {
    this.#closed = true;
    try {
      await this.#upstream.return();
    } finally {
      await this.#generator.return();
    }
    return { done: true, value: undefined };
  }
}
