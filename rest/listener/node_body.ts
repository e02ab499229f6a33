/**
 * The body of a request that came through `node:http`.
 *
 * @module
 */

import type { IncomingMessage } from "node:http";
import { ServiceError } from "../../core/errors.ts";
import { BadRequestError, BodyTimeoutError } from "../errors.ts";
import type { ListenerLimits } from "./config.ts";
import { Stopwatch } from "./sweeper.ts";

/** Bytes of chunk framing and extensions that a body may have beyond what its pieces need. */
const MAX_FRAMING_BYTES = 16 * 1024;

/** Bytes that the socket may have read and the parser not yet seen. */
const SEGMENT_BYTES = 64 * 1024;

/** The most framing that one byte of a body needs: a chunk of one byte is six on the wire. */
const FRAMING_PER_BYTE = 8;

/** What a body is made with. */
export interface NodeBodyOptions {
  /** Whether it comes in chunks. */
  isChunked: boolean;
  /** Bytes that the connection had read when the body began, or a few more. */
  bytesBefore: number;
  /** Its time limits and its rate. */
  limits: ListenerLimits;
  /** Called before the first piece is waited for, for a client that asks whether to send. */
  onWanted: () => void;
}

/**
 * The source of a request body's stream. It reads only what is asked for, and only while somebody waits for a piece does
 * time run against the client.
 */
export class NodeBody implements UnderlyingDefaultSource<Uint8Array<ArrayBuffer>> {
  readonly #message: IncomingMessage;
  readonly #options: NodeBodyOptions;
  readonly #pause = new Stopwatch();
  /** Whether it was ended because of the client. */
  hasFailed = false;
  #controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  #wanted: PromiseWithResolvers<void> | undefined;
  #opened = false;
  #ended = false;
  #bytes = 0;
  #bytesSeen = 0;
  #waitedMs = 0;
  #sweptMs: number | undefined;

  /** Makes the source; nothing is read yet. */
  constructor(message: IncomingMessage, options: NodeBodyOptions) {
    this.#message = message;
    this.#options = options;
  }

  start(controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>): void {
    this.#controller = controller;
  }

  pull(): Promise<void> {
    if (!this.#opened) this.#open();
    this.#wanted = Promise.withResolvers();
    this.#message.resume();
    return this.#wanted.promise;
  }

  cancel(): void {
    this.#close();
  }

  /** Holds the client to its limits. */
  sweep(nowMs: number): void {
    const passedMs = nowMs - (this.#sweptMs ?? nowMs);
    this.#sweptMs = nowMs;
    if (!this.#wanted) return this.#pause.reset();
    if (this.#framingBytes() > MAX_FRAMING_BYTES + SEGMENT_BYTES) return this.#refuseFraming();
    this.#waitedMs += passedMs;
    if (this.#bytes !== this.#bytesSeen) this.#pause.reset();
    this.#bytesSeen = this.#bytes;
    const { BodyTimeout, MinBodyRate } = this.#options.limits;
    if (BodyTimeout === 0) return;
    const paused = this.#pause.elapsedMs(nowMs) >= BodyTimeout;
    const slow = this.#waitedMs >= BodyTimeout &&
      this.#bytes * 1_000 < MinBodyRate * this.#waitedMs;
    if (paused || slow) this.fail(new BodyTimeoutError(BodyTimeout));
  }

  /** Ends the stream with an error. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.hasFailed = true;
    this.#close();
    this.#controller?.error(error);
  }

  #open(): void {
    this.#opened = true;
    this.#options.onWanted();
    this.#message.on("data", (chunk: Uint8Array<ArrayBuffer>) => this.#enqueue(chunk));
    this.#message.on("end", () => this.#end());
    const lost = () =>
      this.fail(new ServiceError("canceled", "Cannot read body: the client went away"));
    this.#message.on("error", lost);
    this.#message.on("close", lost);
  }

  #enqueue(chunk: Uint8Array<ArrayBuffer>): void {
    if (this.#ended) return;
    this.#message.pause();
    this.#bytes += chunk.byteLength;
    if (this.#framingBytes() > MAX_FRAMING_BYTES + SEGMENT_BYTES) return this.#refuseFraming();
    this.#controller?.enqueue(chunk);
    this.#settle();
  }

  /** Bytes on the wire that were neither body nor what its pieces need. */
  #framingBytes(): number {
    if (!this.#options.isChunked) return 0;
    const wire = this.#message.socket.bytesRead - this.#options.bytesBefore;
    const bytes = this.#bytes + this.#message.readableLength;
    return wire - bytes * (1 + FRAMING_PER_BYTE);
  }

  #refuseFraming(): void {
    this.fail(new BadRequestError("Cannot read body: its chunks have too much beside their data"));
  }

  #end(): void {
    if (this.#ended) return;
    if (this.#framingBytes() > MAX_FRAMING_BYTES) return this.#refuseFraming();
    this.#close();
    this.#controller?.close();
  }

  #close(): void {
    this.#ended = true;
    this.#settle();
  }

  #settle(): void {
    this.#wanted?.resolve();
    this.#wanted = undefined;
  }
}
