/**
 * The listener of kind `node`.
 *
 * @module
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { limitsOf, type ListenerLimits } from "./config.ts";
import { ConnectionCaps } from "./connection_caps.ts";
import { lastRequests } from "./last_requests.ts";
import { explained } from "./listen_error.ts";
import type { Dispatch, Listener, ListenOptions } from "./listener.ts";
import { NodeConnection } from "./node_connection.ts";
import type { NodeExchangeOptions } from "./node_exchange.ts";
import { Sweeper } from "./sweeper.ts";

/**
 * Listens with `node:http`, which parses strictly, and holds every limit.
 *
 * @throws {ServiceError} If it cannot; the message says where it tried and what to do.
 */
export async function listenNode(dispatch: Dispatch, options: ListenOptions): Promise<Listener> {
  const { hostname, port, tls } = options;
  const limits = limitsOf(options.listener ?? {});
  const settings = {
    maxHeaderSize: limits.MaxHeaderBytes,
    // One client's Host is checked with the rest of its head; times are the sweeper's, for node's cost a timer a request.
    requireHostHeader: false,
    headersTimeout: 0,
    requestTimeout: 0,
    keepAliveTimeout: 0,
    shouldUpgradeCallback: wantsWebSocket,
  };
  const server = tls ? createTlsServer({ ...settings, ...tls }) : createServer(settings);
  try {
    await bind(server, options);
  } catch (error) {
    throw explained(error, `${hostname}:${port}`);
  }
  return new NodeListener(server, { dispatch, limits, isTls: tls !== undefined });
}

function bind(server: Server, options: ListenOptions): Promise<void> {
  const { hostname: host, port, sharePort: reusePort = false } = options;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host, reusePort }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

class NodeListener implements Listener {
  readonly address: { readonly hostname: string; readonly port: number };
  readonly #server: Server;
  readonly #options: NodeExchangeOptions;
  readonly #caps: ConnectionCaps;
  readonly #sweeper: Sweeper;
  readonly #connections = new Map<string, NodeConnection>();
  readonly #ofSocket = new WeakMap<Socket, NodeConnection>();
  readonly #closed = Promise.withResolvers<void>();
  #closing: Promise<void> | undefined;

  constructor(
    server: Server,
    { dispatch, limits, isTls }: { dispatch: Dispatch; limits: ListenerLimits; isTls: boolean },
  ) {
    const { address: hostname, port } = server.address() as AddressInfo;
    this.address = { hostname, port };
    this.#server = server;
    this.#options = {
      dispatch,
      limits,
      scheme: isTls ? "https" : "http",
      keepAlive: limits.IdleTimeout > 0 ? `timeout=${Math.floor(limits.IdleTimeout / 1_000)}` : "",
      fallbackHost: `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`,
    };
    this.#caps = new ConnectionCaps({
      total: limits.MaxConnections,
      perAddress: limits.MaxConnectionsPerIp,
    });
    const { HeaderTimeout, BodyTimeout, IdleTimeout } = limits;
    this.#sweeper = new Sweeper({ limitsMs: [HeaderTimeout, BodyTimeout, IdleTimeout] });
    // One more than is taken, so that one too many is seen and not cut off.
    server.maxHeadersCount = limits.MaxHeaders + 1;
    // Node's would lose requests that are on their way; quiet connections are closed in `shutdown`.
    server.closeIdleConnections = () => {};
    this.#listen();
  }

  get finished(): Promise<void> {
    return this.#closed.promise;
  }

  announceEnd(): void {}

  shutdown(): Promise<void> {
    return this.#closing ??= this.#shutdown();
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.close();
  }

  #listen(): void {
    const server = this.#server;
    server.on("connection", (socket: Socket) => this.#admit(socket));
    const accept = (message: IncomingMessage, out: ServerResponse, isContinueDue: boolean) =>
      this.#connectionOf(message.socket)?.accept(message, out, isContinueDue);
    server.on("request", (message, out) => accept(message, out, false));
    server.on(
      "upgrade",
      (message, socket, head) =>
        this.#connectionOf(socket as Socket)?.upgrade(message, socket as Socket, head),
    );
    // To listen to it is to say oneself whether the client shall send: when a handler asks for the body.
    server.on("checkContinue", (message, out) => accept(message, out, true));
    server.on("clientError", (error, socket) => this.#refuse(error, socket as Socket));
    server.on("connect", (message) =>
      this.#connectionOf(message.socket)?.refuse(
        405,
        "Cannot read request: CONNECT is not allowed",
        message.socket,
      ));
  }

  #admit(socket: Socket): void {
    const slot = this.#caps.tryOpen(socket.remoteAddress ?? "");
    if (!slot) return void socket.destroy();
    const key = keyOf(socket);
    const connection = new NodeConnection(socket, this.#options);
    if (this.#closing) connection.drain();
    this.#connections.set(key, connection);
    this.#sweeper.add(connection);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      slot[Symbol.dispose]();
      this.#connections.delete(key);
      this.#sweeper.delete(connection);
    });
  }

  /** With TLS the parser has a socket of its own, of the same peer. */
  #connectionOf(socket: Socket): NodeConnection | undefined {
    let connection = this.#ofSocket.get(socket);
    if (!connection) {
      connection = this.#connections.get(keyOf(socket));
      if (connection) this.#ofSocket.set(socket, connection);
    }
    return connection;
  }

  #refuse(error: Error & { code?: string }, socket: Socket): void {
    const connection = this.#connectionOf(socket);
    if (!connection) return void socket.destroy();
    if (error.code === "HPE_HEADER_OVERFLOW") {
      connection.refuse(431, "Cannot read request: its head is too large", socket);
    } else if (error.code === "ECONNRESET" || error.code === "EPIPE") {
      connection.close();
    } else {
      connection.refuse(400, "Cannot read request: it is not well-formed HTTP/1.1", socket);
    }
  }

  async #shutdown(): Promise<void> {
    this.#server.close(() => this.#closed.resolve());
    for (const connection of this.#connections.values()) connection.drain();
    await lastRequests(this.#closed.promise);
    // A client that keeps asking learns from an answer that the connection ends; only the quiet are closed.
    for (const connection of this.#connections.values()) connection.closeIfQuiet();
    await this.#closed.promise;
    this.#sweeper[Symbol.dispose]();
  }
}

/** All else that a client would like to speak is not spoken, and answered as if it had not asked. */
function wantsWebSocket({ method, headers, httpVersionMinor }: IncomingMessage): boolean {
  return method === "GET" && httpVersionMinor === 1 &&
    headers.upgrade?.toLowerCase() === "websocket";
}

function keyOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
