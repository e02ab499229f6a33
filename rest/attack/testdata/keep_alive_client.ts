/**
 * A client that keeps its connection for as long as it may.
 *
 * @module
 */
import { encoded, request, writeAll } from "./raw_client.ts";

/** What a client does. */
export interface KeepAliveClientOptions {
  /** Where to connect, as a load balancer would say; undefined is nowhere. */
  port: () => number | undefined;
  /** What to ask for. */
  path: string;
  /** Whether to go on. @default {always} */
  wants?: () => boolean;
}

/**
 * It asks again as soon as it is answered, and goes elsewhere when an answer says that the connection ends. A connection
 * that is closed on it before an answer came is a lost request: it tries nothing again.
 */
export class KeepAliveClient {
  answered = 0;
  lost = 0;
  #connection: Deno.TcpConn | undefined;
  readonly #port: () => number | undefined;
  readonly #path: string;
  readonly #wants: () => boolean;

  constructor({ port, path, wants = () => true }: KeepAliveClientOptions) {
    this.#port = port;
    this.#path = path;
    this.#wants = wants;
  }

  /** Asks until nobody accepts, or enough is asked. */
  async run(): Promise<void> {
    while (this.#wants() && await this.#connect()) {
      while (await this.#ask() && this.#wants());
      this.#connection!.close();
    }
  }

  async #connect(): Promise<boolean> {
    const port = this.#port();
    if (port === undefined) return false;
    try {
      this.#connection = await Deno.connect({ hostname: "127.0.0.1", port });
      return true;
    } catch {
      return false;
    }
  }

  /** Asks once; whether the connection may be used again. */
  async #ask(): Promise<boolean> {
    const buffer = new Uint8Array(4_096);
    try {
      await writeAll(this.#connection!, encoded(request(`GET ${this.#path}`)));
      let text = "";
      while (!text.endsWith('"')) {
        const count = await this.#connection!.read(buffer);
        if (count === null) throw new Error("closed");
        text += new TextDecoder().decode(buffer.subarray(0, count));
      }
      this.answered++;
      return !/connection: close/i.test(text);
    } catch {
      this.lost++;
      return false;
    }
  }
}

/** Forty clients, half of which ask for what takes a while. */
export function fortyClients(options: Omit<KeepAliveClientOptions, "path">): KeepAliveClient[] {
  return Array.from(
    { length: 40 },
    (_, index) => new KeepAliveClient({ ...options, path: index % 2 ? "/alive" : "/slow" }),
  );
}

/** What they all came to. */
export function totals(clients: readonly KeepAliveClient[]): { answered: number; lost: number } {
  return {
    answered: clients.reduce((total, { answered }) => total + answered, 0),
    lost: clients.reduce((total, { lost }) => total + lost, 0),
  };
}
