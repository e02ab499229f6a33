import { ReceiverCursor } from "../async/receiver_cursor.ts";
import type { Cursor, Receiver } from "../async/source.ts";

/** What a {@link Step} makes of an item that it drops or keeps. */
export const NOTHING: unique symbol = Symbol("nothing");

/** What a step of a stream makes of the items before it, one after another. */
export interface Step<I, O> {
  /** Takes an item; answers what is handed on for it. */
  take(item: I): O | typeof NOTHING;
  /** Whether it wants no more items. */
  readonly full?: boolean;
  /** What is handed on after the last item. */
  rest?(): Iterable<O>;
}

type Result<T> = IteratorResult<T, undefined>;
const DONE: Result<never> = { done: true, value: undefined };

/**
 * Runs a {@link Step}. An async generator would do the same, but answers `return` only when the item it
 * awaits has come, and takes three turns of the microtask queue for each item.
 */
export class Stage<I, O> extends ReceiverCursor<O> {
  readonly #upstream: Cursor<I>;
  readonly #step: Step<I, O>;
  #rest: Iterator<O> | undefined;
  #closed = false;

  constructor(upstream: Cursor<I>, step: Step<I, O>) {
    super();
    this.#upstream = upstream;
    this.#step = step;
  }

  async return(): Promise<Result<O>> {
    if (!this.#closed) {
      this.#closed = true;
      this.resolve(DONE);
    }
    await this.#upstream.return();
    return DONE;
  }

  protected pull(): void {
    if (this.#closed) Promise.resolve(DONE).then((done) => this.resolve(done));
    else if (this.#rest) Promise.resolve(this.#rest).then((rest) => this.#giveNext(rest));
    else if (this.#step.full) this.#closeUpstream((error) => this.#end(error));
    else this.#upstream.read(this.#items);
  }

  readonly #items: Receiver<I> = {
    resolve: (result) => {
      if (this.#closed) return;
      try {
        if (result.done) return this.#giveRest();
        const item = this.#step.take(result.value);
        if (item === NOTHING) this.#upstream.read(this.#items);
        else this.resolve({ done: false, value: item });
      } catch (error) {
        // What the step threw came first, whatever closing says.
        this.#closeUpstream(() => this.#end({ error }));
      }
    },
    reject: (error) => this.#end({ error }),
  };

  #giveRest(): void {
    const rest = this.#step.rest?.();
    if (!rest) return this.#end();
    this.#rest = rest[Symbol.iterator]();
    this.#giveNext(this.#rest);
  }

  #giveNext(rest: Iterator<O>): void {
    const next = rest.next();
    if (next.done) this.#end();
    else this.resolve(next);
  }

  #closeUpstream(then: (failure?: { error: unknown }) => void): void {
    this.#upstream.return().then(() => then(), (error) => then({ error }));
  }

  #end(failure?: { error: unknown }): void {
    if (this.#closed) return; // Whoever waited has been told.
    this.#closed = true;
    if (failure) this.reject(failure.error);
    else this.resolve(DONE);
  }
}
