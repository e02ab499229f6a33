/**
 * Server-sent events.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 * @module
 */

import type { Context } from "../context.ts";
import { stringify } from "./json.ts";

/** One event, where the data alone does not say enough. */
export class ServerSentEvent {
  /** What the event carries; anything but a string is written as JSON. */
  readonly data: unknown;
  /** The name that the client listens for. `message` if absent. */
  readonly event: string | undefined;
  /** What the client sends as `Last-Event-ID` when it comes back. */
  readonly id: string | undefined;
  /** Milliseconds after which the client should try again. */
  readonly retryMs: number | undefined;

  /** Makes an event. `event` and `id` are one line each. */
  constructor(data: unknown, options: { event?: string; id?: string; retryMs?: number } = {}) {
    for (const [name, value] of [["event", options.event], ["id", options.id]]) {
      if (value !== undefined && /[\r\n\0]/.test(value)) {
        throw new TypeError(`Cannot make event: its ${name} must be one line`);
      }
    }
    this.data = data;
    this.event = options.event;
    this.id = options.id;
    this.retryMs = options.retryMs;
  }
}

/** Options for {@link sse}. */
export interface SseOptions {
  /** Milliseconds between comments that keep idle proxies from hanging up; 0 is never. @default {15000} */
  heartbeatMs?: number;
}

const HEADERS = { "content-type": "text/event-stream", "cache-control": "no-cache" };

/**
 * Answers with a stream of events: each item of `items` is one event, as JSON unless it is a string or a
 * {@link ServerSentEvent}.
 *
 * The stream ends when `items` does, when the client goes away (which aborts `context.signal` and returns
 * the iterator) or when the server begins to stop. An error in `items` is logged and ends the stream with an
 * event named `error` that carries no detail. Items are taken only as fast as the client reads.
 *
 * @example
 * ```ts
 * import type { Context } from "../context.ts";
 * const ticks = (_request: Request, context: Context) =>
 *   sse(context, (async function* () {
 *     yield { tick: 1 };
 *   })());
 * ```
 */
export function sse(
  context: Context,
  items: AsyncIterable<unknown> | Iterable<unknown>,
  options: SseOptions = {},
): Response {
  const { heartbeatMs = 15_000 } = options;
  const body = new EventStream(context, iteratorOf(items), heartbeatMs).readable;
  return new Response(body, { headers: HEADERS });
}

type AnyIterator = AsyncIterator<unknown> | Iterator<unknown>;

function iteratorOf(items: AsyncIterable<unknown> | Iterable<unknown>): AnyIterator {
  return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
}

class EventStream {
  readonly readable: ReadableStream<Uint8Array>;
  readonly #context: Context;
  readonly #iterator: AnyIterator;
  readonly #encoder = new TextEncoder();
  readonly #heartbeat: Disposable | undefined;
  readonly #onDrain = () => this.#end();
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #ended = false;

  constructor(context: Context, iterator: AnyIterator, heartbeatMs: number) {
    this.#context = context;
    this.#iterator = iterator;
    // Before the stream exists: it may pull, and end, as soon as it does.
    if (heartbeatMs > 0) {
      this.#heartbeat = context.environment.clock.setInterval(() => this.#beat(), heartbeatMs);
    }
    this.readable = new ReadableStream({
      start: (controller) => void (this.#controller = controller),
      pull: () => this.#pull(),
      cancel: () => this.#clientGone(),
    });
    const { draining } = context.environment;
    draining.addEventListener("abort", this.#onDrain, { once: true });
    if (draining.aborted) this.#end();
  }

  async #pull(): Promise<void> {
    try {
      const { done, value } = await this.#iterator.next();
      if (done) this.#end();
      else this.#write(encodeEvent(value));
    } catch (error) {
      if (!this.#ended) this.#context.log.error("Cannot go on with event stream", { error });
      this.#write("event: error\ndata: {}\n\n");
      this.#end();
    }
  }

  #beat(): void {
    // A client that does not read needs no comments piled up for it.
    if ((this.#controller?.desiredSize ?? 0) > 0) this.#write(": keep-alive\n\n");
  }

  #write(text: string): void {
    if (!this.#ended) this.#controller?.enqueue(this.#encoder.encode(text));
  }

  #clientGone(): void {
    this.#context.abort(new DOMException("The client went away", "AbortError"));
    this.#release();
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
    Promise.resolve(this.#iterator.return?.()).catch((error) =>
      this.#context.log.error("Cannot close event source", { error })
    );
  }
}

function encodeEvent(item: unknown): string {
  const event = item instanceof ServerSentEvent ? item : new ServerSentEvent(item);
  const data = typeof event.data === "string" ? event.data : stringify(event.data);
  let text = "";
  if (event.event !== undefined) text += `event: ${event.event}\n`;
  if (event.id !== undefined) text += `id: ${event.id}\n`;
  if (event.retryMs !== undefined) text += `retry: ${Math.round(event.retryMs)}\n`;
  for (const line of data.split(/\r\n|\r|\n/)) text += `data: ${line}\n`;
  return text + "\n";
}
