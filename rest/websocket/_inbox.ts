/**
 * Messages that came and wait to be read.
 *
 * @module
 */

/** What a message costs beside its bytes, so that empty ones do not come for nothing. */
const OVERHEAD_BYTES = 64;

interface Waiting<T> {
  readonly message: T;
  readonly bytes: number;
}

/** A queue for one reader that holds so many bytes. */
export class Inbox<T> {
  readonly #maxBytes: number;
  #messages: Waiting<T>[] = [];
  #head = 0;
  #bytes = 0;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Adds a message, or answers false if there is no room: nobody reads. One always has room. */
  push(message: T, bytes: number): boolean {
    const cost = bytes + OVERHEAD_BYTES;
    const isEmpty = this.#head === this.#messages.length;
    if (!isEmpty && this.#bytes + cost > this.#maxBytes) return false;
    this.#messages.push({ message, bytes: cost });
    this.#bytes += cost;
    this.#wake?.();
    return true;
  }

  /** The next message, or undefined when the inbox has ended and is empty. Throws what it ended with. */
  async next(): Promise<{ readonly message: T } | undefined> {
    while (this.#head === this.#messages.length) {
      if (this.#ended) return this.#raise();
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const next = this.#messages[this.#head++]!;
    this.#bytes -= next.bytes;
    if (this.#head === this.#messages.length) {
      this.#messages = [];
      this.#head = 0;
    }
    return next;
  }

  /** Lets the reader take what is there and then end, or see `failure.error` thrown. The first end counts. */
  end(failure?: { readonly error: unknown }): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#wake?.();
  }

  #raise(): undefined {
    if (this.#failure) throw this.#failure.error;
  }
}
