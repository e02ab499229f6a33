/**
 * One connection of the listener of kind `node`.
 *
 * @module
 */

import { type IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { ConnectionInfo } from "../context.ts";
import { NodeExchange, type NodeExchangeOptions } from "./node_exchange.ts";
import { NodeUpgrade } from "./node_upgrade.ts";
import { problemText } from "./problem_response.ts";
import { Stopwatch, type Swept } from "./sweeper.ts";

/** Requests that may wait behind the one being answered. More than that is no pipelining but a flood. */
const MAX_PIPELINED = 32;

/** Milliseconds in which a client may finish sending what nobody wants any more, so that it can read its answer. */
const LINGER_MS = 1_000;

/** Answers the requests of a connection one after another, and ends it when it takes too long. */
export class NodeConnection implements Swept {
  readonly #options: NodeExchangeOptions;
  readonly #remoteAddr: ConnectionInfo["remoteAddr"];
  readonly #waiting = new Stopwatch();
  readonly #writing = new Stopwatch();
  readonly #head = new Stopwatch();
  readonly #waitingLine: NodeExchange[] = [];
  #socket: Socket;
  #current: NodeExchange | undefined;
  #served = 0;
  #bytesAtRest = 0;
  #bytesUnsent = 0;
  #lingering: Stopwatch | undefined;
  #ending = false;

  /** Makes the connection of an accepted socket. */
  constructor(socket: Socket, options: NodeExchangeOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#remoteAddr = {
      transport: "tcp",
      hostname: socket.remoteAddress ?? "",
      port: socket.remotePort ?? 0,
    };
  }

  /** Takes a request that the parser has read the head of. */
  accept(message: IncomingMessage, out: ServerResponse, isContinueDue: boolean): void {
    this.#use(message.socket);
    if (this.#lingering) return; // It is being closed and the client has been told.
    if (this.#waitingLine.length >= MAX_PIPELINED) {
      this.#ending = true;
      return;
    }
    const exchange = new NodeExchange(message, out, {
      options: this.#options,
      remoteAddr: this.#remoteAddr,
      isContinueDue,
      bytesBefore: this.#current ? message.socket.bytesRead : this.#bytesAtRest,
      onDone: () => this.#next(exchange),
    });
    if (this.#current) this.#waitingLine.push(exchange);
    else this.#run(exchange);
  }

  /** Takes a request to leave HTTP, with the socket that the parser has let go of and what came behind the request. */
  upgrade(message: IncomingMessage, socket: Socket, head: Uint8Array): void {
    this.#use(socket);
    // Nobody asks for it before the answer to something else is there.
    if (this.#lingering || this.#current) return this.close();
    this.#ending = true;
    const out = new ServerResponse(message);
    out.assignSocket(socket);
    const exchange = new NodeExchange(message, out, {
      options: this.#options,
      remoteAddr: this.#remoteAddr,
      isContinueDue: false,
      bytesBefore: this.#bytesAtRest,
      onDone: () => this.#next(exchange),
      upgrade: new NodeUpgrade(socket, head),
    });
    this.#run(exchange);
  }

  /** Ends the connection because what came over it, by `socket`, is no request. */
  refuse(status: number, detail: string, socket: Socket): void {
    if (this.#lingering) return;
    this.#use(socket);
    this.#ending = true;
    // What is half written, or waits, cannot have another answer put in its place.
    if (this.#current?.isAnswering || this.#socket.destroyed) return this.close();
    this.#socket.end(problemText(status, detail));
    this.#lingering = new Stopwatch();
  }

  /** Ends the connection when what is in flight is answered, and says so in the answer. */
  drain(): void {
    this.#ending = true;
    this.#current?.last();
  }

  /** Ends the connection if nothing is in flight. */
  closeIfQuiet(): void {
    this.#ending = true;
    if (!this.#current) this.#socket.destroy();
  }

  /** Ends the connection now. */
  close(): void {
    this.#socket.destroy();
  }

  sweep(nowMs: number): void {
    if (this.#current?.isUpgraded) return;
    if (this.#lingering) return this.#sweepLingering(nowMs, this.#lingering);
    if (this.#current) return this.#sweepExchange(nowMs, this.#current);
    const { HeaderTimeout, IdleTimeout } = this.#options.limits;
    if (this.#served === 0) return this.#sweepHead(nowMs, HeaderTimeout);
    if (this.#socket.bytesRead !== this.#bytesAtRest) return this.#sweepHead(nowMs, HeaderTimeout);
    if (IdleTimeout > 0 && this.#waiting.elapsedMs(nowMs) >= IdleTimeout) this.close();
  }

  #sweepHead(nowMs: number, limitMs: number): void {
    if (limitMs === 0 || this.#head.elapsedMs(nowMs) < limitMs) return;
    // Before the first request of TLS the socket may be one that nothing can be said over in clear.
    if (this.#served === 0 && this.#options.scheme === "https") return this.close();
    this.refuse(
      408,
      `Cannot read request: its head did not arrive within ${limitMs} ms`,
      this.#socket,
    );
  }

  #sweepExchange(nowMs: number, exchange: NodeExchange): void {
    exchange.sweep(nowMs);
    const unsent = this.#socket.writableLength;
    if (!exchange.isBlocked || unsent !== this.#bytesUnsent) this.#writing.reset();
    this.#bytesUnsent = unsent;
    const { BodyTimeout } = this.#options.limits;
    if (BodyTimeout > 0 && this.#writing.elapsedMs(nowMs) >= BodyTimeout) this.close();
  }

  #sweepLingering(nowMs: number, lingering: Stopwatch): void {
    if (lingering.elapsedMs(nowMs) >= LINGER_MS) this.close();
  }

  /** With TLS the parser reads from another socket than the one that was accepted. */
  #use(socket: Socket): void {
    if (this.#served === 0) {
      this.#socket = socket;
      socket.destroySoon = () => this.#linger();
    }
  }

  /**
   * Closes gently. To close a socket that has something unread resets it, and the client may then never see the answer
   * that was sent.
   */
  #linger(): void {
    this.#socket.end();
    if (!this.#lingering) this.#lingering = new Stopwatch();
    this.#socket.resume();
  }

  #run(exchange: NodeExchange): void {
    this.#current = exchange;
    this.#served++;
    const max = this.#options.limits.MaxRequestsPerConnection;
    if (max > 0 && this.#served >= max) this.#ending = true;
    if (this.#ending && this.#waitingLine.length === 0) exchange.last();
    exchange.run();
  }

  #next(done: NodeExchange): void {
    if (done !== this.#current) return; // It waited and was lost with its connection.
    this.#current = undefined;
    this.#writing.reset();
    const exchange = this.#waitingLine.shift();
    if (exchange && !this.#socket.destroyed) return this.#run(exchange);
    this.#bytesAtRest = this.#socket.bytesRead;
    this.#waiting.reset();
    this.#head.reset();
    if (this.#ending) this.#linger();
  }
}
