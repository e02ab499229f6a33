import { LinkedList } from "./_linked_list.ts";
import type { Receiver } from "./source.ts";

const DONE: IteratorResult<never, undefined> = { done: true, value: undefined };

/**
 * What carries values from concurrent writers to a reader, with back-pressure: a write that finds the
 * pipe full is settled when its value has moved up. Used inside map-reduce and streams; programs take
 * `BoundedQueue`.
 */
export class Pipe<T> implements AsyncIterableIterator<T, undefined> {
  readonly #capacity: number;
  readonly #values = new LinkedList<T>();
  readonly #blocked = new LinkedList<() => void>();
  readonly #readers = new LinkedList<Receiver<T>>();
  #state: "open" | "ended" | "discarding" = "open";
  #failure: { error: unknown } | undefined;

  /** `capacity` values wait in the pipe, and one for each writer that is blocked. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /**
   * Hands over a value. The answer is a promise only if the writer should wait.
   *
   * @throws {TypeError} If the pipe has ended. After {@link discard} the value is dropped instead.
   */
  write(value: T): void | Promise<void> {
    if (this.#state === "discarding") return;
    if (this.#state === "ended") {
      throw new TypeError("Cannot write value: the work it belongs to is over; await each write");
    }
    const reader = this.#readers.shift();
    if (reader) return reader.value.resolve({ done: false, value });
    this.#values.push(value);
    if (this.#values.size <= this.#capacity) return;
    return new Promise((resolve) => this.#blocked.push(resolve));
  }

  /** Ends the pipe: the reader still gets what was written. */
  end(): void {
    if (this.#state !== "open") return;
    this.#state = "ended";
    this.#release();
  }

  /** Ends the pipe with an error, which the reader gets after what was written before. */
  fail(error: unknown): void {
    if (this.#state !== "open") return;
    this.#failure = { error };
    this.end();
  }

  /** Drops what was written and all that will be. Readers are told that the pipe has ended. */
  discard(): void {
    this.#state = "discarding";
    this.#failure = undefined;
    while (this.#values.shift());
    for (let it = this.#blocked.shift(); it; it = this.#blocked.shift()) it.value();
    this.#release();
  }

  /** The next value, in the order of writing. */
  next(): Promise<IteratorResult<T, undefined>> {
    const link = this.#values.shift();
    if (link) {
      this.#blocked.shift()?.value();
      return Promise.resolve({ done: false, value: link.value });
    }
    if (this.#state === "open") {
      return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
    }
    const failure = this.#takeFailure();
    return failure ? Promise.reject(failure.error) : Promise.resolve(DONE);
  }

  /** As `next`, told to a receiver. */
  read(receiver: Receiver<T>): void {
    if (this.#values.size > 0 || this.#state !== "open") {
      this.next().then(receiver.resolve, receiver.reject);
    } else {
      this.#readers.push(receiver);
    }
  }

  /** The pipe itself: a loop that breaks leaves the rest for the next loop. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  #release(): void {
    for (let reader = this.#readers.shift(); reader; reader = this.#readers.shift()) {
      const failure = this.#takeFailure();
      if (failure) reader.value.reject(failure.error);
      else reader.value.resolve(DONE);
    }
  }

  #takeFailure(): { error: unknown } | undefined {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure;
  }
}
