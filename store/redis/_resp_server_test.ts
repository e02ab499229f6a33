import { eventually } from "../../core/testing/eventually.ts";

/** Answers a command with text of the protocol, such as `-ERR no\r\n`; `undefined` says nothing at all. */
export type Answer = (command: readonly string[], connection: number) => string | undefined;

/** A server that speaks Redis's protocol and answers what a test wants. */
export class RespServer implements AsyncDisposable {
  /** `host:port`. */
  readonly host: string;
  /** The commands that came but for those of the handshake, arguments after names. */
  readonly seen: string[][] = [];
  /** Those of the handshake. */
  readonly greetings: string[][] = [];
  /** Connections there have been. */
  accepted = 0;
  readonly #listener: Deno.TcpListener;
  readonly #connections = new Set<Deno.TcpConn>();
  readonly #answer: Answer;
  readonly #serving: Promise<void>;

  constructor(answer: Answer, port = 0) {
    this.#answer = answer;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port });
    this.host = `127.0.0.1:${this.#listener.addr.port}`;
    this.#serving = this.#serve();
  }

  /** Cuts all connections. */
  cut(): void {
    for (const connection of this.#connections) connection.close();
    this.#connections.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.cut();
    await this.#serving;
  }

  async #serve(): Promise<void> {
    const all: Promise<void>[] = [];
    for await (const connection of this.#listener) {
      connection.setNoDelay(true);
      this.#connections.add(connection);
      all.push(this.#talk(connection, ++this.accepted));
    }
    await Promise.all(all);
  }

  async #talk(connection: Deno.TcpConn, number: number): Promise<void> {
    const buffer = new Uint8Array(64 * 1024);
    let text = "";
    try {
      for (;;) {
        const length = await connection.read(buffer);
        if (length === null) break;
        text += new TextDecoder().decode(buffer.subarray(0, length));
        for (let command = parse(text); command; command = parse(text)) {
          text = text.slice(command.length);
          const answer = this.#reply(command.words, number);
          if (answer !== undefined) await connection.write(new TextEncoder().encode(answer));
        }
      }
    } catch {
      // Cut off.
    }
    if (this.#connections.delete(connection)) connection.close();
  }

  #reply(words: string[], number: number): string | undefined {
    const [name = "", ...args] = words;
    this.greetings.push(words);
    switch (name.toLowerCase()) {
      case "hello":
        return "-ERR unknown command 'HELLO'\r\n";
      case "info":
        return "$9\r\nloading:0\r\n";
      case "auth":
      case "client":
      case "quit":
      case "select":
        return "+OK\r\n";
      default:
        this.greetings.pop();
        this.seen.push(words);
        return this.#answer([name.toLowerCase(), ...args], number);
    }
  }
}

/** The first command in `text`, if all of it is there. */
function parse(text: string): { words: string[]; length: number } | undefined {
  const head = /^\*(\d+)\r\n/.exec(text);
  if (!head) return undefined;
  let at = head[0].length;
  const words: string[] = [];
  for (let i = 0; i < Number(head[1]); i++) {
    const bulk = /^\$(\d+)\r\n/.exec(text.slice(at));
    if (!bulk) return undefined;
    const begin = at + bulk[0].length, end = begin + Number(bulk[1]);
    if (text.length < end + 2) return undefined;
    words.push(text.slice(begin, end));
    at = end + 2;
  }
  return { words, length: at };
}

Deno.test("RespServer answers what it is told to", async () => {
  await using server = new RespServer(() => "+PONG\r\n");
  const [hostname = "", port] = server.host.split(":");
  using connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode("*1\r\n$4\r\nping\r\n"));
  await eventually("the command", () => server.seen.length === 1);
});
