/**
 * The server's end of a websocket, on a connection that has left HTTP.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455
 * @module
 */

import type { Clock, Timer } from "../../core/clock.ts";
import { TokenBucket } from "../../core/limit/token_bucket.ts";
import type { RawChannel, TakeConnection } from "../listener/upgrade_offer.ts";
import { closePayload, encodeFrame, FrameError, Opcode } from "./_frame.ts";
import { FrameReader } from "./_frame_reader.ts";
import type { SocketLike } from "./session.ts";

/** Options of a {@link FrameSocket}. */
export interface FrameSocketOptions {
  /** Largest message in bytes. */
  maxMessageBytes: number;
  /** Milliseconds of silence after which the client is pinged, and as many after which it is gone; 0 is never. */
  heartbeatMs: number;
  /** Time source. */
  clock: Clock;
}

/** Frames a second that carry no part of a message. A client that sends more is not alive but at war. */
const IDLE_FRAMES_PER_SECOND = 100;

/** Milliseconds that the client gets to answer a close. */
const CLOSE_MS = 5_000;

/** Milliseconds in which a client may read the last frame and close; to cut it off at once could take that from it. */
const LINGER_MS = 500;

const OPENING = 0, OPEN = 1, CLOSING = 2, CLOSED = 3;

const encoder = new TextEncoder();

/** A socket that tells what a `WebSocket` does. Messages of bytes come as `ArrayBuffer`. */
export class FrameSocket extends EventTarget implements SocketLike {
  binaryType: BinaryType = "arraybuffer";
  readonly #channel: RawChannel;
  readonly #clock: Clock;
  readonly #heartbeatMs: number;
  readonly #reader: FrameReader;
  readonly #idleFrames: TokenBucket;
  #state = OPENING;
  #sentClose = false;
  #heartbeat: Timer | undefined;
  #end: Timer | undefined;
  #heard = false;
  #pinged = false;

  /** Takes the connection, which opens when the handler's answer is out. */
  constructor(take: TakeConnection, { maxMessageBytes, heartbeatMs, clock }: FrameSocketOptions) {
    super();
    this.#clock = clock;
    this.#heartbeatMs = heartbeatMs;
    this.#reader = new FrameReader({
      onMessage: (data) => this.dispatchEvent(new MessageEvent("message", { data })),
      onIdleFrame: () => this.#countIdleFrame(),
      onPing: (payload) => this.#answerPing(payload),
      onClose: (code, reason) => this.#answerClose(code, reason),
    }, { maxMessageBytes });
    const rate = IDLE_FRAMES_PER_SECOND;
    this.#idleFrames = new TokenBucket({ ratePerSecond: rate, burst: 2 * rate, clock });
    this.#channel = take({
      onOpen: () => this.#open(),
      onBytes: (bytes) => this.#read(bytes),
      onClose: () => this.#lost(),
    });
  }

  get readyState(): number {
    return this.#state;
  }

  get bufferedAmount(): number {
    return this.#channel.bufferedBytes;
  }

  send(message: string | Uint8Array<ArrayBuffer>): void {
    if (this.#state !== OPEN) return; // As a `WebSocket` does.
    if (typeof message === "string") this.#write(Opcode.text, encoder.encode(message));
    else this.#write(Opcode.binary, message);
  }

  close(code?: number, reason = ""): void {
    if (this.#state !== OPEN) return;
    this.#state = CLOSING;
    this.#sendClose(code, reason);
    this.#endWithin(CLOSE_MS);
  }

  #open(): void {
    this.#state = OPEN;
    if (this.#heartbeatMs > 0) {
      this.#heartbeat = this.#clock.setInterval(() => this.#beat(), this.#heartbeatMs);
    }
    this.dispatchEvent(new Event("open"));
  }

  #read(bytes: Uint8Array): void {
    if (this.#state === CLOSED) return;
    this.#heard = true;
    try {
      this.#reader.push(bytes);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#fail(error.code, error.message);
    }
  }

  #countIdleFrame(): void {
    if (!this.#idleFrames.tryTake()) throw new FrameError(1008, "too many frames without data");
  }

  #answerPing(payload: Uint8Array): void {
    if (this.#state === OPEN) this.#write(Opcode.pong, payload);
  }

  #answerClose(code: number | undefined, reason: string): void {
    this.#sendClose(code, "");
    this.#finish(code ?? 1005, reason);
    this.#channel.end();
    this.#endWithin(LINGER_MS);
  }

  #lost(): void {
    this.#finish(1006, "");
    this.#end?.cancel();
  }

  #write(opcode: number, payload: Uint8Array): void {
    this.#channel.write(encodeFrame(opcode, payload));
  }

  #sendClose(code: number | undefined, reason: string): void {
    if (this.#sentClose) return;
    this.#sentClose = true;
    this.#write(Opcode.close, closePayload(code, reason));
  }

  /** Ends a connection whose client breaks the rules. */
  #fail(code: number, reason: string): void {
    this.#sendClose(code, reason);
    this.#finish(code, reason);
    this.#channel.end();
    this.#endWithin(LINGER_MS);
  }

  #beat(): void {
    if (this.#heard) {
      this.#heard = this.#pinged = false;
    } else if (this.#pinged) {
      this.#finish(1001, "no answer to ping");
      this.#channel.destroy();
    } else {
      this.#pinged = true;
      if (this.#state === OPEN) this.#write(Opcode.ping, new Uint8Array());
    }
  }

  #endWithin(limitMs: number): void {
    this.#end?.cancel();
    this.#end = this.#clock.setTimer(() => this.#channel.destroy(), limitMs);
  }

  #finish(code: number, reason: string): void {
    if (this.#state === CLOSED) return;
    this.#state = CLOSED;
    this.#heartbeat?.cancel();
    this.dispatchEvent(new CloseEvent("close", { code, reason, wasClean: code !== 1006 }));
  }
}
