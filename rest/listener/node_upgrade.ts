/**
 * A connection of `node:http` that leaves HTTP.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { RawChannel, RawChannelEvents } from "./upgrade_offer.ts";

/** The socket of a request that asks to leave HTTP. Until it is opened, the answer to that request may be any. */
export class NodeUpgrade implements RawChannel {
  readonly #socket: Socket;
  readonly #head: Uint8Array;
  #events: RawChannelEvents | undefined;

  /** Takes the socket, and what it has read behind the request. */
  constructor(socket: Socket, head: Uint8Array) {
    this.#socket = socket;
    this.#head = head;
  }

  /** Gives the connection to whoever wants it. */
  take(events: RawChannelEvents): RawChannel {
    if (this.#events) throw new TypeError("Cannot take connection: it was taken before");
    this.#events = events;
    return this;
  }

  /** Whether somebody waits for it to open. */
  get isTaken(): boolean {
    return this.#events !== undefined;
  }

  /** Sends the answer that ends HTTP. */
  open(response: Response, out: ServerResponse): void {
    const socket = this.#socket;
    out.detachSocket(socket);
    let head = "HTTP/1.1 101 Switching Protocols\r\n";
    response.headers.forEach((value, name) => head += `${name}: ${value}\r\n`);
    socket.write(Buffer.from(`${head}\r\n`, "latin1"));
    socket.setNoDelay(true);
    const events = this.#events!;
    socket.once("close", () => events.onClose());
    if (socket.destroyed) return events.onClose();
    events.onOpen();
    if (this.#head.byteLength > 0) events.onBytes(this.#head);
    socket.on("data", (bytes: Uint8Array) => events.onBytes(bytes));
    socket.on("end", () => socket.end());
    socket.resume();
  }

  /** Tells who waits that the connection stays with HTTP. */
  fail(): void {
    this.#events?.onClose();
    this.#events = undefined;
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  write(bytes: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
