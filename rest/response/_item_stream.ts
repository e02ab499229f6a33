/**
 * A body made of items as they come.
 *
 * @module
 */

import type { Context } from "../context.ts";

/** Where the items of a stream come from. */
export type Items<T = unknown> = AsyncIterable<T> | Iterable<T>;

/** How an {@link itemStream} behaves. */
export interface ItemStreamOptions<T> {
  /** The text or bytes of one item; empty ones are passed over. */
  readonly encode: (item: T) => string | Uint8Array;
  /** What the stream is, for the log. */
  readonly name: string;
  /** Written first. */
  readonly greeting?: string | undefined;
  /** Written when the source fails; without it the answer is cut off, so that the client can tell. */
  readonly farewell?: string | undefined;
  /** Whether the stream ends when the server begins to stop, for those that could go on for ever. */
  readonly endsOnDrain?: boolean | undefined;
  /** Written whenever so many ms have passed, unless the client is behind. */
  readonly heartbeat?: { readonly everyMs: number; readonly text: string } | undefined;
}

/**
 * Streams items, taken only as fast as the client reads. If the client goes away, `context.signal` is aborted and
 * the iterator is asked to return. If that signal is aborted otherwise, as by a forced stop, the stream ends too.
 */
export function itemStream<T>(
  context: Context,
  items: Items<T>,
  options: ItemStreamOptions<T>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ItemStream(context, items, options).readable;
}

type AnyIterator<T> = AsyncIterator<T> | Iterator<T>;

function iteratorOf<T>(items: Items<T>): AnyIterator<T> {
  return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
}

const encoder = new TextEncoder();

class ItemStream<T> {
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly #context: Context;
  readonly #iterator: AnyIterator<T>;
  readonly #options: ItemStreamOptions<T>;
  readonly #heartbeat: Disposable | undefined;
  readonly #onDrain = () => this.#end();
  readonly #onAbort = () => this.#cut(this.#context.signal.reason);
  #controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  #ended = false;

  constructor(context: Context, items: Items<T>, options: ItemStreamOptions<T>) {
    this.#context = context;
    this.#iterator = iteratorOf(items);
    this.#options = options;
    const { heartbeat, endsOnDrain, greeting } = options;
    const { clock, draining } = context.environment;
    // Before the stream exists: it may pull, and end, as soon as it does.
    if (heartbeat && heartbeat.everyMs > 0) {
      this.#heartbeat = clock.setInterval(() => this.#beat(heartbeat.text), heartbeat.everyMs);
    }
    this.readable = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
        if (greeting) this.#write(greeting);
      },
      pull: () => this.#pull(),
      cancel: () => this.#clientGone(),
    });
    context.signal.addEventListener("abort", this.#onAbort, { once: true });
    if (endsOnDrain) draining.addEventListener("abort", this.#onDrain, { once: true });
    if (context.aborted || (endsOnDrain && draining.aborted)) this.#end();
  }

  async #pull(): Promise<void> {
    try {
      // An item without content makes the stream no fuller, and it would not pull again.
      for (let written = false; !written && !this.#ended;) {
        const { done, value } = await this.#iterator.next();
        if (done) return this.#end();
        written = this.#write(this.#options.encode(value));
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #beat(text: string): void {
    // A client that does not read needs no comments piled up for it.
    if ((this.#controller?.desiredSize ?? 0) > 0) this.#write(text);
  }

  #write(item: string | Uint8Array): boolean {
    if (this.#ended || item.length === 0) return false;
    const bytes = typeof item === "string" ? encoder.encode(item) : item;
    this.#controller?.enqueue(bytes as Uint8Array<ArrayBuffer>);
    return true;
  }

  #fail(error: unknown): void {
    if (this.#ended) return;
    const { name, farewell } = this.#options;
    this.#context.log.error(`Cannot go on with ${name}`, { error });
    if (farewell !== undefined) this.#write(farewell);
    this.#cut(error);
  }

  /** Ends before the items do. Where nothing in the stream tells of that, the connection does. */
  #cut(reason: unknown): void {
    if (this.#options.farewell !== undefined) return this.#end();
    if (this.#ended) return;
    this.#release();
    this.#controller?.error(reason);
  }

  #clientGone(): void {
    this.#release(); // First, for what follows would cut the stream off.
    this.#context.abort(new DOMException("The client went away", "AbortError"));
  }

  #end(): void {
    if (this.#ended) return;
    this.#release();
    this.#controller?.close();
  }

  /** Lets go of all that the stream held; the iterator is asked to return but not waited for. */
  #release(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#heartbeat?.[Symbol.dispose]();
    this.#context.environment.draining.removeEventListener("abort", this.#onDrain);
    this.#context.signal.removeEventListener("abort", this.#onAbort);
    this.#return().catch((error) =>
      this.#context.log.error(`Cannot close source of ${this.#options.name}`, { error })
    );
  }

  // Async, so that an iterator that throws at once is caught as one that rejects.
  async #return(): Promise<void> {
    await this.#iterator.return?.();
  }
}
