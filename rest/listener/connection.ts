/**
 * The listener of kind `connection`.
 *
 * @module
 */

import { systemClock } from "../../core/clock.ts";
import { limitsOf, type ListenerLimits } from "./config.ts";
import { ConnectionCaps } from "./connection_caps.ts";
import type { ServeConnection } from "./connection_entry.ts";
import { lastRequests } from "./last_requests.ts";
import { explained, requireSharing } from "./listen_error.ts";
import type { Dispatch, Listener, ListenOptions } from "./listener.ts";
import { ServedConnection } from "./served_connection.ts";
import { Sweeper } from "./sweeper.ts";

/** Milliseconds to wait when the system has no more connections to give, as when files run out. */
const ACCEPT_PAUSE_MS = 50;

/**
 * Accepts connections itself and has the runtime serve each, so that how many there are and how long they may take is
 * ours to say.
 *
 * @throws {ServiceError} If it cannot; the message says where it tried and what to do.
 */
export function listenConnection(
  dispatch: Dispatch,
  options: ListenOptions,
  entry: ServeConnection,
): Listener {
  const { hostname, port, tls, sharePort } = options;
  const limits = limitsOf(options.listener ?? {});
  try {
    if (sharePort) requireSharing();
    const shared = sharePort ? { reusePort: true } : {};
    const socket = tls
      ? Deno.listenTls({ hostname, port, ...shared, ...tls, alpnProtocols: ["h2", "http/1.1"] })
      : Deno.listen({ hostname, port, ...shared });
    return new ConnectionListener(socket, { entry, dispatch, limits });
  } catch (error) {
    throw explained(error, `${hostname}:${port}`);
  }
}

type Socket = Deno.TcpListener | Deno.TlsListener;

interface Shared {
  readonly entry: ServeConnection;
  readonly dispatch: Dispatch;
  readonly limits: ListenerLimits;
}

class ConnectionListener implements Listener {
  readonly address: { readonly hostname: string; readonly port: number };
  readonly #socket: Socket;
  readonly #shared: Shared;
  readonly #caps: ConnectionCaps;
  readonly #sweeper: Sweeper;
  readonly #served = new Set<ServedConnection>();
  readonly #empty = Promise.withResolvers<void>();
  #closing: Promise<void> | undefined;
  #stopping = false;

  constructor(socket: Socket, shared: Shared) {
    const { limits } = shared;
    this.#socket = socket;
    this.#shared = shared;
    const { hostname, port } = socket.addr;
    this.address = { hostname, port };
    this.#caps = new ConnectionCaps({
      total: limits.MaxConnections,
      perAddress: limits.MaxConnectionsPerIp,
    });
    const { HeaderTimeout, BodyTimeout, IdleTimeout } = limits;
    this.#sweeper = new Sweeper({ limitsMs: [HeaderTimeout, BodyTimeout, IdleTimeout] });
    this.#accept();
  }

  get finished(): Promise<void> {
    return this.#empty.promise;
  }

  announceEnd(): void {}

  shutdown(): Promise<void> {
    return this.#closing ??= this.#shutdown();
  }

  close(): void {
    for (const connection of this.#served) connection.close();
  }

  async #accept(): Promise<void> {
    while (!this.#stopping) {
      try {
        const connection = await this.#socket.accept();
        this.#admit(connection);
      } catch {
        // The socket was closed, or the system is out of files: then it needs time, not a loop.
        if (!this.#stopping) await systemClock.sleep(ACCEPT_PAUSE_MS);
      }
    }
  }

  #admit(connection: Deno.TcpConn | Deno.TlsConn): void {
    const slot = this.#caps.tryOpen(connection.remoteAddr.hostname);
    if (!slot) return connection.close();
    // A handshake that does not come cannot be ended: the runtime holds on to the socket even when it is closed. So it
    // keeps its slot until the client gives up.
    const ready = "handshake" in connection ? connection.handshake() : Promise.resolve();
    const release = () => {
      closeQuietly(connection);
      slot[Symbol.dispose]();
      this.#endIfEmpty();
    };
    ready.then(() => this.#serve(connection)).then(release, release);
  }

  /** Serves a connection until it ends. */
  async #serve(connection: Deno.Conn): Promise<void> {
    const served = new ServedConnection(connection, this.#shared);
    if (this.#stopping) served.drain();
    this.#served.add(served);
    this.#sweeper.add(served);
    await served.finished;
    this.#sweeper.delete(served);
    this.#served.delete(served);
  }

  async #shutdown(): Promise<void> {
    this.#stopping = true;
    this.#socket.close();
    for (const connection of this.#served) connection.drain();
    this.#endIfEmpty();
    await lastRequests(this.#empty.promise);
    // A client that keeps asking learns from an answer that the connection ends; only the quiet are closed.
    for (const connection of this.#served) connection.closeIfQuiet();
    await this.#empty.promise;
    this.#sweeper[Symbol.dispose]();
  }

  #endIfEmpty(): void {
    if (this.#stopping && this.#caps.size === 0) this.#empty.resolve();
  }
}

/** Closes a connection that may be the runtime's by now, or closed. */
function closeQuietly(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is.
  }
}
