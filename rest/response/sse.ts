/**
 * Server-sent events.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 * @module
 */

import type { Context } from "../context.ts";
import { itemStream } from "./_item_stream.ts";
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
  #text: string | undefined;

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

  /**
   * The event as it is sent. It is made once, so that an event for a thousand clients costs as much as for one.
   *
   * @example
   * ```ts
   * import { assertEquals } from "@std/assert";
   * const event = new ServerSentEvent({ tick: 1 }, { id: "7" });
   * assertEquals(event.toString(), 'id: 7\ndata: {"tick":1}\n\n');
   * ```
   */
  toString(): string {
    return this.#text ??= eventText(this);
  }
}

function eventText({ data, event, id, retryMs }: ServerSentEvent): string {
  const content = typeof data === "string" ? data : stringify(data);
  let text = "";
  if (event !== undefined) text += `event: ${event}\n`;
  if (id !== undefined) text += `id: ${id}\n`;
  if (retryMs !== undefined) text += `retry: ${Math.round(retryMs)}\n`;
  for (const line of content.split(/\r\n|\r|\n/)) text += `data: ${line}\n`;
  return text + "\n";
}

/** Options for {@link sse}. */
export interface SseOptions {
  /** Milliseconds between comments that keep idle proxies from hanging up; 0 is never. @default {15000} */
  heartbeatMs?: number;
  /** Milliseconds after which a client that lost the connection comes back. @default {the client's own choice} */
  retryMs?: number;
  /** Headers besides those that make it an event stream. */
  headers?: HeadersInit;
}

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache",
  "x-accel-buffering": "no", // nginx would hold events back.
};

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
  const { heartbeatMs = 15_000, retryMs, headers } = options;
  const body = itemStream(context, items, {
    name: "event stream",
    encode: encodeEvent,
    greeting: retryMs === undefined ? undefined : `retry: ${Math.round(retryMs)}\n\n`,
    farewell: "event: error\ndata: {}\n\n",
    endsOnDrain: true,
    heartbeat: { everyMs: heartbeatMs, text: ": keep-alive\n\n" },
  });
  return new Response(body, { headers: headers ? withOwn(headers) : HEADERS });
}

function withOwn(own: HeadersInit): Headers {
  const headers = new Headers(own);
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  return headers;
}

function encodeEvent(item: unknown): string {
  return (item instanceof ServerSentEvent ? item : new ServerSentEvent(item)).toString();
}

/**
 * The id of the last event that the client saw before it lost the connection; undefined on a first visit. Give it to
 * `EventChannel.subscribe`, or go on from there yourself.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const request = new Request("http://localhost/", { headers: { "last-event-id": "41" } });
 * assertEquals(lastEventId(request), "41");
 * ```
 */
export function lastEventId(request: Request): string | undefined {
  return request.headers.get("last-event-id") || undefined;
}
