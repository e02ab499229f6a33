/**
 * One open websocket.
 *
 * @module
 */

import type { Clock, Timer } from "../../core/clock.ts";
import { TokenBucket } from "../../core/limit/token_bucket.ts";
import { stringify } from "../response/json.ts";
import { Inbox } from "./_inbox.ts";
import { WebSocketClosedError } from "./errors.ts";
import type { MessageReader, RawMessage } from "./message.ts";
import type { SessionLimits } from "./options.ts";

/** How a websocket ended. */
export interface WebSocketEnd {
  /** The status; 1006 if the connection broke. */
  readonly code: number;
  /** What the side that closed it says. */
  readonly reason: string;
}

/** What a session needs of a platform's `WebSocket`. */
export interface SocketLike {
  /** 0 opening, 1 open, 2 closing, 3 closed. */
  readonly readyState: number;
  /** Bytes that the other side has not taken. */
  readonly bufferedAmount: number;
  /** What bytes come as. */
  binaryType: BinaryType;
  /** Sends a message. */
  send(message: string | Uint8Array<ArrayBuffer>): void;
  /** Begins to close. */
  close(code?: number, reason?: string): void;
  /** Tells what happens. */
  addEventListener(
    type: "open" | "message" | "close" | "error",
    listener: (event: Event) => void,
  ): void;
}

const OPEN = 1;
const encoder = new TextEncoder();

/** Milliseconds that the other side gets to answer a close. */
const CLOSE_MS = 5_000;

/**
 * One open websocket: an iterable of the messages that come, for one reader, and a way to send.
 *
 * The iteration ends when the connection does, however it does; `ended` tells how. Messages wait for their reader up to a
 * limit, and `send` waits while the other side does not take what was sent, so neither side can fill the memory.
 */
export class WebSocketSession<In = string | Uint8Array<ArrayBuffer>>
  implements AsyncIterable<In>, Disposable {
  /** The protocol that was agreed on; empty if none was. */
  readonly protocol: string;
  /** Resolves when the connection has ended; never rejects. */
  readonly ended: Promise<WebSocketEnd>;
  readonly #socket: SocketLike;
  readonly #clock: Clock;
  readonly #limits: SessionLimits;
  readonly #read: MessageReader<In>;
  readonly #inbox: Inbox<In>;
  readonly #bucket: TokenBucket | undefined;
  readonly #over = new AbortController();
  readonly #end = Promise.withResolvers<WebSocketEnd>();
  readonly #opened = Promise.withResolvers<void>();
  #idle: Timer | undefined;
  #closing: Timer | undefined;

  /** Takes charge of a socket that is opening or open; `upgrade` makes one. */
  constructor(
    socket: SocketLike,
    options: { protocol: string; clock: Clock; limits: SessionLimits; read: MessageReader<In> },
  ) {
    const { protocol, clock, limits, read } = options;
    this.protocol = protocol;
    this.ended = this.#end.promise;
    this.#socket = socket;
    this.#clock = clock;
    this.#limits = limits;
    this.#read = read;
    this.#inbox = new Inbox(limits.maxUnreadBytes);
    this.#bucket = limits.messagesPerSecond === 0 ? undefined : new TokenBucket({
      ratePerSecond: limits.messagesPerSecond,
      burst: limits.burst,
      clock,
    });
    socket.binaryType = "arraybuffer";
    if (socket.readyState === OPEN) this.#opened.resolve();
    else socket.addEventListener("open", () => this.#opened.resolve());
    socket.addEventListener("message", (event) => this.#receive((event as MessageEvent).data));
    socket.addEventListener("close", (event) => {
      const { code, reason } = event as CloseEvent;
      this.#finish(code || 1006, reason);
    });
    socket.addEventListener("error", () => {}); // A close always follows, and says more.
    this.#watchIdle();
  }

  /** Aborted when the connection has ended: pass it on to what the connection needs. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Bytes that were sent and that the other side has not taken. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /**
   * Sends text or bytes. Resolves when there is room for more: at once, unless the other side is more than
   * `maxBufferedBytes` behind.
   *
   * @throws {WebSocketClosedError} If the connection has ended, or the other side takes nothing for `sendTimeoutMs`, which
   * ends it.
   */
  async send(message: string | Uint8Array<ArrayBuffer>): Promise<void> {
    await Promise.race([this.#opened.promise, this.ended]);
    if (this.#socket.readyState !== OPEN) throw new WebSocketClosedError();
    this.#socket.send(message);
    if (this.#isBehind()) await this.#untilTaken();
  }

  /** Sends a value as JSON. */
  sendJson(value: unknown): Promise<void> {
    return this.send(stringify(value));
  }

  /**
   * Closes the connection. Messages that came before the other side agreed can still be read. If it does not agree within
   * 5 seconds the session ends all the same.
   *
   * @param code 1000, or 3000 to 4999 for what an application defines.
   * @param reason At most 123 bytes; more is cut off.
   */
  close(code = 1000, reason = ""): void {
    if (this.#socket.readyState > OPEN || this.#closing || this.#over.signal.aborted) return;
    this.#closing = this.#clock.setTimer(() => this.#finish(1006, "no answer to close"), CLOSE_MS);
    // A socket that is told to close before it has opened would not tell the other side.
    if (this.#socket.readyState === OPEN) this.#socket.close(code, shortened(reason));
    else this.#opened.promise.then(() => this.#socket.close(code, shortened(reason)));
  }

  /** Closes the connection. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** The messages as they come. */
  async *[Symbol.asyncIterator](): AsyncGenerator<In, void, undefined> {
    for (let next = await this.#inbox.next(); next; next = await this.#inbox.next()) {
      yield next.message;
    }
  }

  #receive(data: unknown): void {
    if (this.#over.signal.aborted) return;
    this.#watchIdle();
    const message = data instanceof ArrayBuffer ? new Uint8Array(data) : String(data);
    const bytes = sizeOf(message, this.#limits.maxMessageBytes);
    if (bytes > this.#limits.maxMessageBytes) return this.#refuse(1009, "message too large");
    if (this.#bucket?.tryTake() === false) return this.#refuse(1008, "too many messages");
    const read = this.#readSafely(message);
    if ("problem" in read) return this.#refuse(read.code ?? 1007, read.problem);
    if (!this.#inbox.push(read.message, bytes)) this.#refuse(1008, "messages are not read");
  }

  /** An error in here would end the process; it is for the one who reads messages. */
  #readSafely(message: RawMessage): ReturnType<MessageReader<In>> & { code?: number } {
    try {
      return this.#read(message);
    } catch (error) {
      this.#inbox.end({ error });
      return { problem: "", code: 1011 };
    }
  }

  /** Closes the connection and hears no more of it: a client that breaks the rules is not waited for. */
  #refuse(code: number, reason: string): void {
    this.close(code, reason);
    this.#finish(code, reason);
  }

  #watchIdle(): void {
    const { idleTimeoutMs } = this.#limits;
    if (idleTimeoutMs === 0) return;
    this.#idle?.cancel();
    this.#idle = this.#clock.setTimer(
      () => this.close(1001, `nothing came for ${idleTimeoutMs} ms`),
      idleTimeoutMs,
    );
  }

  #finish(code: number, reason: string): void {
    if (this.#over.signal.aborted) return;
    this.#idle?.cancel();
    this.#closing?.cancel();
    this.#over.abort(new DOMException("The websocket has ended", "AbortError"));
    this.#inbox.end();
    this.#end.resolve({ code, reason });
  }

  #isBehind(): boolean {
    return this.#socket.bufferedAmount > this.#limits.maxBufferedBytes;
  }

  /** The platform does not tell when a buffer has drained, so it is looked at now and then. */
  async #untilTaken(): Promise<void> {
    const { signal } = this.#over;
    const { sendTimeoutMs } = this.#limits;
    for (
      let waited = 0, pause = 1;
      this.#isBehind();
      waited += pause, pause = Math.min(64, pause * 2)
    ) {
      if (waited >= sendTimeoutMs) {
        this.#refuse(1008, "messages are not taken");
        throw new WebSocketClosedError(`the other side took nothing for ${sendTimeoutMs} ms`);
      }
      await this.#clock.sleep(pause, { signal }).catch(() => {});
      if (signal.aborted) throw new WebSocketClosedError();
    }
  }
}

/** Bytes of a message in UTF-8; for one that is too large in any case, at least so many. */
function sizeOf(message: string | Uint8Array, limit: number): number {
  if (typeof message !== "string") return message.length;
  const certain = message.length > limit || message.length * 3 <= limit;
  return certain ? message.length : encoder.encode(message).length;
}

/** A close frame has room for 123 bytes. */
function shortened(reason: string): string {
  if (reason.length <= 41) return reason; // Three bytes each at most.
  const bytes = new Uint8Array(123);
  return reason.slice(0, encoder.encodeInto(reason, bytes).read);
}
