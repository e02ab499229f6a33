/**
 * A server for tests that speaks HTTP badly, on purpose.
 *
 * @module
 */

const encoder = new TextEncoder();

/** What a {@link faultServer} knows of a connection that has sent a request head. */
export interface FaultConnection {
  /** The request head and what came with it. */
  readonly head: string;
  /** Sends text as it is. */
  write(text: string): Promise<void>;
  /** Closes the connection. */
  close(): void;
  /** Resolves when the client has closed the connection. */
  readonly gone: Promise<void>;
}

/** A server whose every connection is handled by `handle` once per request head. */
export class FaultServer implements AsyncDisposable {
  /** Where it listens. */
  readonly url: string;
  /** Request heads so far. */
  readonly heads: string[] = [];
  /** Connections that are open now. */
  open = 0;
  readonly #listener: Deno.TcpListener;
  readonly #tasks = new Set<Promise<void>>();
  readonly #connections = new Set<() => void>();

  /** Listens on a free port. */
  constructor(handle: (connection: FaultConnection) => Promise<void> | void) {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.url = `http://127.0.0.1:${this.#listener.addr.port}`;
    this.#track(this.#accept(handle));
  }

  #track(task: Promise<void>): void {
    this.#tasks.add(task);
    task.finally(() => this.#tasks.delete(task));
  }

  async #accept(handle: (connection: FaultConnection) => Promise<void> | void): Promise<void> {
    try {
      for await (const connection of this.#listener) this.#track(this.#serve(connection, handle));
    } catch {
      // Closed.
    }
  }

  async #serve(
    connection: Deno.TcpConn,
    handle: (connection: FaultConnection) => Promise<void> | void,
  ): Promise<void> {
    this.open++;
    const gone = Promise.withResolvers<void>();
    let closed = false;
    const close = () => {
      if (closed) return;
      closed = true;
      this.open--;
      this.#connections.delete(close);
      connection.close();
    };
    this.#connections.add(close);
    const buffer = new Uint8Array(65_536);
    let text = "";
    try {
      for (;;) {
        const count = await connection.read(buffer);
        if (count === null) break;
        text += new TextDecoder().decode(buffer.subarray(0, count));
        if (!text.includes("\r\n\r\n")) continue;
        const head = text;
        text = "";
        this.heads.push(head);
        const write = async (reply: string) => {
          await connection.write(encoder.encode(reply));
        };
        // Not waited for: reading on is how it is known that the client has gone.
        const answer = async () => await handle({ head, write, close, gone: gone.promise });
        this.#track(answer().catch(() => {}));
      }
    } catch {
      // Reset by the client, or closed by us.
    } finally {
      gone.resolve();
      close();
    }
  }

  /** Stops listening and closes what is open. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const close of this.#connections) close();
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
  }
}

/** A whole answer as text. */
export function reply(status: number, body: string, headers = ""): string {
  return `HTTP/1.1 ${status} X\r\ncontent-length: ${body.length}\r\n${headers}\r\n${body}`;
}
