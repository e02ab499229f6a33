/**
 * A call with many messages, as its caller sees it.
 *
 * @module
 */

import type { MethodInfo } from "../../method.ts";
import { OK } from "../../status.ts";
import { leave } from "../leave.ts";
import type { OutgoingCall } from "../transport.ts";
import type { WireCall, WireMetadata, WireStatus } from "./driver.ts";
import { CANCELLED, failureOf } from "./failure.ts";
import { type CallOrigin, decodeAnswer, type LiveCall, metadataOf } from "./unary_exchange.ts";
import { bufferOf, fromWire } from "./wire_metadata.ts";

/** Somebody who waits for the next answer. */
interface Waiter<O> {
  readonly resolve: (result: IteratorResult<O, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/** Messages that are read before they are asked for. With none, each would cost the way to the service and back. */
const READ_AHEAD = 16;

const DONE = { done: true, value: undefined } as const;

/**
 * The answers of one call. It begins with the first that is asked for. A few messages are read ahead, so a slow reader slows
 * the service down and does not fill this process.
 */
export class ResponseStream<I, O> implements AsyncIterableIterator<O, undefined>, LiveCall {
  readonly #origin: CallOrigin;
  readonly #method: MethodInfo<I, O>;
  readonly #requests: AsyncIterator<I>;
  readonly #call: OutgoingCall;
  readonly #over = Promise.withResolvers<void>();
  readonly #waiters: Waiter<O>[] = [];
  readonly #ready: O[] = [];
  readonly #onAbort = () => this.abort(this.#call.signal!.reason);
  #wire: WireCall | undefined;
  #reading = false;
  #outcome: { readonly error?: unknown } | undefined;

  /** Makes a call that has not begun. */
  constructor(
    origin: CallOrigin,
    method: MethodInfo<I, O>,
    requests: AsyncIterable<I>,
    call: OutgoingCall,
  ) {
    this.#origin = origin;
    this.#method = method;
    this.#requests = requests[Symbol.asyncIterator]();
    this.#call = call;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next answer. */
  next(): Promise<IteratorResult<O, undefined>> {
    return new Promise((resolve, reject) => {
      if (this.#ready.length > 0) {
        resolve({ done: false, value: this.#ready.shift()! });
        return this.#read();
      }
      if (this.#outcome) return tell({ resolve, reject }, this.#outcome);
      this.#waiters.push({ resolve, reject });
      if (!this.#wire) this.#start();
    });
  }

  /** Cancels the call. */
  return(): Promise<IteratorResult<O, undefined>> {
    this.#ready.length = 0; // The service may be done though its answers have not been read.
    this.#cancel({});
    return Promise.resolve(DONE);
  }

  /** Cancels the call, and fails whoever waits. */
  abort(reason: unknown): void {
    this.#cancel({ error: reason });
  }

  #start(): void {
    const { signal, deadline } = this.#call;
    if (signal?.aborted) return this.#end({ error: signal.reason });
    try {
      deadline?.throwIfEnded();
      const wire = this.#wire = this.#origin.begin(this.#method);
      this.#origin.live.add(this);
      signal?.addEventListener("abort", this.#onAbort, { once: true });
      wire.start(metadataOf(this.#call), {
        onReceiveMetadata: (metadata: WireMetadata) => this.#hear(metadata),
        onReceiveMessage: (message: Uint8Array) => this.#receive(message),
        onReceiveStatus: (status: WireStatus) => this.#finish(status),
      });
      // The package has a timer of its own, but knows nothing of what may end a deadline early.
      deadline?.run(() => this.#over.promise).catch((error) => this.abort(error));
      this.#read();
      this.#pump(wire);
    } catch (error) {
      this.#end({ error });
    }
  }

  /** Sends all requests. It never rejects: what goes wrong with them is told to the reader. */
  async #pump(wire: WireCall): Promise<void> {
    try {
      for (;;) {
        const next = await this.#requests.next();
        if (this.#outcome) return;
        if (next.done) break;
        await send(wire, bufferOf(this.#method.input.encode(next.value)));
        if (this.#outcome) return;
      }
      wire.halfClose();
    } catch (error) {
      this.#cancel({ error });
    }
  }

  /** Reads one more message, unless enough have been. */
  #read(): void {
    if (this.#reading || this.#outcome || this.#ready.length >= READ_AHEAD) return;
    this.#reading = true;
    this.#wire?.startRead();
  }

  #hear(metadata: WireMetadata): void {
    try {
      this.#call.onHeader?.(fromWire(metadata));
    } catch (error) {
      this.abort(error);
    }
  }

  #receive(message: Uint8Array): void {
    this.#reading = false;
    if (this.#outcome) return;
    let value: O;
    try {
      value = decodeAnswer(this.#method, message);
    } catch (error) {
      return this.#cancel({ error });
    }
    const waiter = this.#waiters.shift();
    if (waiter) waiter.resolve({ done: false, value });
    else this.#ready.push(value);
    this.#read();
  }

  #finish(status: WireStatus): void {
    if (this.#outcome) return;
    const { onTrailer, deadline } = this.#call;
    const trailer = fromWire(status.metadata);
    try {
      onTrailer?.(trailer);
    } catch (error) {
      return this.#end({ error });
    }
    if (status.code === OK) return this.#end({});
    const { path } = this.#method;
    const { stillConnected } = this.#origin;
    const hasLeft = this.#wire !== undefined && this.#origin.hasLeft(this.#wire);
    failureOf(status, trailer, { path, deadline, hasLeft, stillConnected })
      .then((error) => this.#end({ error }));
  }

  #cancel(outcome: { readonly error?: unknown }): void {
    if (this.#outcome) return;
    this.#ready.length = 0;
    this.#end(outcome);
    this.#wire?.cancelWithStatus(CANCELLED, "Canceled by the caller");
  }

  #end(outcome: { readonly error?: unknown }): void {
    if (this.#outcome) return;
    this.#outcome = outcome;
    this.#call.signal?.removeEventListener("abort", this.#onAbort);
    this.#origin.live.delete(this);
    this.#over.resolve();
    leave(this.#requests);
    for (const waiter of this.#waiters.splice(0)) tell(waiter, outcome);
  }
}

function tell<O>(waiter: Waiter<O>, outcome: { readonly error?: unknown }): void {
  if ("error" in outcome) waiter.reject(outcome.error);
  else waiter.resolve(DONE);
}

/** Resolves when the message has left, or cannot any more: then the status says why. */
function send(
  wire: WireCall,
  message: Parameters<WireCall["sendMessageWithContext"]>[1],
): Promise<void> {
  return new Promise((resolve) => {
    wire.sendMessageWithContext({ callback: () => resolve() }, message);
  });
}
