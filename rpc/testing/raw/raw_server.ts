/**
 * A server of HTTP/2 that does only what it is told.
 *
 * @module
 */

import { Flag, type Frame, FrameType, PREFACE, settings } from "./frame.ts";
import { RawConnection } from "./raw_connection.ts";

/** What a server does with a request, when its fields have come. */
export type RawHandler = (connection: RawConnection, stream: number) => unknown;

/** Takes connections and hands each request to a function. */
export class RawServer implements AsyncDisposable {
  /** Where, as `host:port`. */
  readonly address: string;
  /** The connections that were made. */
  readonly connections: RawConnection[] = [];
  /** All frames that came. */
  readonly frames: Frame[] = [];
  readonly #listener: Deno.TcpListener;
  readonly #handler: RawHandler;
  readonly #hello: readonly Uint8Array[];
  readonly #accepting: Promise<void>;

  /** Listens on a port of its own. `hello` is what it says to whoever connects. */
  constructor(handler: RawHandler, hello: readonly Uint8Array[] = [settings()]) {
    this.#handler = handler;
    this.#hello = hello;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.address = `127.0.0.1:${this.#listener.addr.port}`;
    this.#accepting = this.#accept();
  }

  /** Breaks all connections off. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.connections) connection[Symbol.dispose]();
    await this.#accepting;
  }

  async #accept(): Promise<void> {
    try {
      for await (const socket of this.#listener) {
        const connection = new RawConnection(socket, (frame) => {
          this.frames.push(frame);
          if (frame.type === FrameType.HEADERS && frame.flags & Flag.END_HEADERS) {
            this.#handler(connection, frame.stream);
          }
        }, PREFACE.length);
        this.connections.push(connection);
        connection.write(...this.#hello);
      }
    } catch {
      // Closed.
    }
  }
}
