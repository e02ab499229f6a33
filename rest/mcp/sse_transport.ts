/**
 * The transport of 2024-11-05: a stream of events to the client, and a POST for each message from it.
 *
 * @see https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse
 * @module
 */

import type { Clock, Timer } from "../../core/clock.ts";
import type { JSONRPCMessage, Transport } from "./driver.ts";

/** Time between comments that keep idle proxies from hanging up, in ms. */
const HEARTBEAT_MS = 15_000;

/** One client's stream. */
export class SseTransport implements Transport {
  /** Names the stream to those who send messages for it. */
  readonly sessionId: string = crypto.randomUUID();
  /** Called when the stream has ended. */
  onclose?: () => void;
  /** Called when something went wrong beside the stream. */
  onerror?: (error: Error) => void;
  /** Called with each message of the client. */
  onmessage?: Transport["onmessage"];
  readonly #encoder = new TextEncoder();
  readonly #body: ReadableStream<Uint8Array>;
  readonly #heartbeat: Timer;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #closed = false;

  /** Makes a stream that tells the client to send its messages to `path`. */
  constructor(path: string, clock: Clock) {
    this.#body = new ReadableStream({
      start: (controller) => void (this.#controller = controller),
      cancel: () => this.close(),
    });
    this.#heartbeat = clock.setInterval(() => this.#write(": keep-alive\n\n"), HEARTBEAT_MS);
    this.#write(`event: endpoint\ndata: ${path}?sessionid=${this.sessionId}\n\n`);
  }

  /** The answer that carries the stream. */
  response(): Response {
    const headers = { "content-type": "text/event-stream", "cache-control": "no-cache" };
    return new Response(this.#body, { headers });
  }

  /** Does nothing: the stream is there from the beginning. */
  start(): Promise<void> {
    return Promise.resolve();
  }

  /** Sends a message to the client. */
  send(message: JSONRPCMessage): Promise<void> {
    if (this.#closed) {
      return Promise.reject(new TypeError("Cannot send message: the stream has ended"));
    }
    this.#write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
    return Promise.resolve();
  }

  /** Ends the stream. */
  close(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#closed = true;
    this.#heartbeat.cancel();
    try {
      this.#controller?.close();
    } catch {
      // The client has cancelled it.
    }
    this.onclose?.();
    return Promise.resolve();
  }

  #write(text: string): void {
    if (!this.#closed) this.#controller?.enqueue(this.#encoder.encode(text));
  }
}
