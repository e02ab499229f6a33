/** Tests of websockets over real sockets. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import type { Context } from "../context.ts";
import type { Handler } from "../handler.ts";
import type { ListenerKind } from "../listener/config.ts";
import { json } from "../response/json.ts";
import { Server } from "../server.ts";
import { isAllowedOrigin } from "./origin.ts";
import { upgrade } from "./upgrade.ts";
import { webSocket } from "./web_socket.ts";

class Running implements AsyncDisposable {
  readonly log = new MemoryLog();
  readonly server: Server;

  private constructor(handler: Handler, Kind: ListenerKind) {
    const config = { Name: "test", Host: "127.0.0.1", Port: 0, Listener: { Kind } };
    this.server = new Server(config, { log: this.log });
    this.server.get("/", handler);
    this.server.get("/alive", () => json("yes"));
  }

  static async with(handler: Handler, kind: ListenerKind = "serve"): Promise<Running> {
    const running = new Running(handler, kind);
    await running.server.start();
    return running;
  }

  get host(): string {
    return `127.0.0.1:${this.server.address.port}`;
  }

  /** A client, open. */
  async client(protocols: string[] = []): Promise<Client> {
    const socket = new WebSocket(`ws://${this.host}/`, protocols);
    socket.binaryType = "arraybuffer";
    const client = new Client(socket);
    await new Promise<void>((resolve) => {
      socket.onopen = socket.onclose = () => resolve();
    });
    return client;
  }

  /** The head of the answer to a handshake. */
  async shake(...headers: string[]): Promise<string> {
    using connection = await Deno.connect(this.server.address);
    await connection.write(handshake(this.host, ...headers));
    const buffer = new Uint8Array(4096);
    const count = await connection.read(buffer);
    return new TextDecoder().decode(buffer.subarray(0, count ?? 0));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.stop();
  }
}

function handshake(host: string, ...headers: string[]): Uint8Array {
  const lines = [
    "GET / HTTP/1.1",
    `Host: ${host}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  ];
  return new TextEncoder().encode(lines.join("\r\n") + "\r\n\r\n");
}

class Client implements AsyncDisposable {
  readonly messages: unknown[] = [];
  readonly closed: Promise<CloseEvent>;
  #heard = Promise.withResolvers<void>();

  constructor(readonly socket: WebSocket) {
    socket.addEventListener("message", ({ data }) => {
      this.messages.push(data);
      this.#heard.resolve();
      this.#heard = Promise.withResolvers();
    });
    this.closed = new Promise((resolve) => socket.addEventListener("close", resolve));
  }

  async hears(count: number): Promise<unknown[]> {
    while (this.messages.length < count) await Promise.race([this.#heard.promise, this.closed]);
    return this.messages;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}

/** The kinds of listeners that speak websocket. */
const KINDS = ["serve", "node"] as const;

const echo = webSocket(async (session) => {
  for await (const message of session) await session.send(message);
});

for (const kind of KINDS) {
  Deno.test(`webSocket() of kind ${kind} carries text and bytes both ways, and says goodbye`, async () => {
    await using running = await Running.with(echo, kind);
    const client = await running.client();
    client.socket.send("héllo");
    client.socket.send(Uint8Array.of(0, 255));
    client.socket.send("");
    assertEquals(await client.hears(3), ["héllo", Uint8Array.of(0, 255).buffer, ""]);
    client.socket.close(1000, "done");
    assertEquals((await client.closed).code, 1000);
  });

  Deno.test(`webSocket() of kind ${kind} closes with 1000 when its session is over, 1011 when it fails, and says no more`, async () => {
    await using done = await Running.with(
      webSocket(async (session) => await session.send("bye")),
      kind,
    );
    const first = await done.client();
    const { code } = await first.closed;
    assertEquals([code, first.messages], [1000, ["bye"]]);
    await using broken = await Running.with(
      webSocket(() => {
        throw new Error("hunter2");
      }),
      kind,
    );
    const event = await (await broken.client()).closed;
    assertEquals([event.code, event.reason], [1011, ""]);
    assert(broken.log.lines.some((line) => line.includes("hunter2")));
  });

  Deno.test(`webSocket() of kind ${kind} aborts the work of a client that goes away, and logs nothing`, async () => {
    const seen = Promise.withResolvers<Context>();
    const over = Promise.withResolvers<unknown>();
    await using running = await Running.with(
      webSocket(async (session, context) => {
        seen.resolve(context);
        await new Promise((_resolve, reject) => {
          session.signal.addEventListener("abort", () => reject(session.signal.reason));
        }).finally(() => over.resolve(context.signal.aborted));
      }),
      kind,
    );
    const client = await running.client();
    const context = await seen.promise;
    client.socket.close();
    await over.promise;
    await client.closed;
    await Promise.resolve();
    assertEquals(context.aborted, true);
    assertEquals(running.log.lines.filter((line) => line.includes("unexpected error")), []);
  });

  Deno.test(`webSocket() of kind ${kind} closes with 1001 when the server stops, and does not hold it up`, async () => {
    const running = await Running.with(echo, kind);
    const client = await running.client();
    await running.server.stop();
    assertEquals((await client.closed).code, 1001); // The runtime says it too, whoever is first.
  });

  Deno.test(`webSocket() of kind ${kind} closes with 1009 on a message that is too large, and the server lives`, async () => {
    await using running = await Running.with(
      webSocket(async (session) => {
        for await (const message of session) await session.send(message);
      }, { maxMessageBytes: 1000 }),
      kind,
    );
    const client = await running.client();
    client.socket.send("x".repeat(1000));
    assertEquals((await client.hears(1)).length, 1);
    client.socket.send("x".repeat(1001));
    assertEquals((await client.closed).code, 1009);
    assertEquals(await (await fetch(`http://${running.host}/alive`)).json(), "yes");
  });

  Deno.test(`webSocket() of kind ${kind} of a session that does not read closes with 1008 on a flood`, async () => {
    const ended = Promise.withResolvers<number>();
    await using running = await Running.with(
      webSocket(async (session) => {
        ended.resolve((await session.ended).code);
      }, { maxUnreadBytes: 100_000 }),
      kind,
    );
    await using client = await running.client();
    for (let n = 0; n < 200; n++) client.socket.send("x".repeat(1000));
    assertEquals(await ended.promise, 1008);
  });

  Deno.test(`webSocket() of kind ${kind} sends no faster than the client takes`, async () => {
    let sent = 0;
    const stalled = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    await using running = await Running.with(
      webSocket(async (session) => {
        const chunk = new Uint8Array(1_000_000);
        const watch = async () => {
          let before = -1;
          for (; sent !== before; await new Promise((resolve) => setTimeout(resolve, 50))) {
            before = sent;
          }
          stalled.resolve();
        };
        watch();
        try {
          for (; sent < 500; sent++) await session.send(chunk);
        } finally {
          ended.resolve();
        }
      }, { maxBufferedBytes: 2_000_000 }),
      kind,
    );
    const connection = await Deno.connect(running.server.address);
    await connection.write(handshake(running.host));
    await stalled.promise;
    connection.close();
    await ended.promise;
    assert(sent < 20, `${sent} MB were sent to a client that took none`);
  });

  Deno.test(`webSocket() of kind ${kind} lets go of a client that does not answer pings`, async () => {
    const ended = Promise.withResolvers<number>();
    await using running = await Running.with(
      webSocket(async (session) => {
        ended.resolve((await session.ended).code);
      }, { heartbeatMs: 1000 }),
      kind,
    );
    using connection = await Deno.connect(running.server.address);
    await connection.write(handshake(running.host)); // And never a word again.
    assertEquals(await ended.promise, 1001);
  });
}

/** A frame of so many zeros, masked with zeros. `head` is its first byte: 0x80 for the last of a message, and its kind. */
function frame(head: number, length: number): Uint8Array {
  const bytes = new Uint8Array(14 + length);
  bytes.set([head, 0xff]);
  new DataView(bytes.buffer).setBigUint64(2, BigInt(length));
  return bytes;
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** Reads frames without content until one closes, and gives its status. */
async function closeCode(connection: Deno.Conn): Promise<number> {
  const buffer = new Uint8Array(4096);
  const count = await connection.read(buffer) ?? 0;
  assertEquals([buffer[0], count > 3], [0x88, true]);
  return new DataView(buffer.buffer).getUint16(2);
}

Deno.test("webSocket() refuses fragments that are too large together, but not before the runtime has them all", async () => {
  const ended = Promise.withResolvers<number>();
  await using running = await Running.with(webSocket(async (session) => {
    ended.resolve((await session.ended).code);
  }, { maxMessageBytes: 1000 }));
  using connection = await Deno.connect(running.server.address);
  await connection.write(handshake(running.host));
  await connection.read(new Uint8Array(4096));
  const first = frame(0x02, 1_000_000);
  await writeAll(connection, first);
  for (let n = 0; n < 8; n++) await writeAll(connection, frame(0x00, 1_000_000));
  const early = await Promise.race([ended.promise, fetch(`http://${running.host}/alive`)]);
  assert(early instanceof Response, "the runtime shows fragments now: limit them");
  await early.body?.cancel();
  await writeAll(connection, frame(0x80, 0));
  assertEquals([await ended.promise, await closeCode(connection)], [1009, 1009]);
});

for (const kind of KINDS) {
  Deno.test(`upgrade() of kind ${kind} agrees on the first protocol of its own that the client offers`, async () => {
    await using running = await Running.with((request, context) => {
      const { response, session } = upgrade(request, context, { protocols: ["v2", "v1"] });
      session.send(`speaking ${session.protocol || "nothing"}`).then(() => session.close());
      return response;
    }, kind);
    for (
      const [offer, agreed] of [[["v1", "v2"], "v2"], [["v1"], "v1"], [[], "nothing"]] as const
    ) {
      const client = await running.client([...offer]);
      assertEquals(await client.hears(1), [`speaking ${agreed}`]);
      await client.closed;
    }
  });

  const shakes: [what: string, headers: string[], status: number][] = [
    ["no page", [], 101],
    ["a page of the same host", ["Origin: http://HOST"], 101],
    ["a page of another scheme of the same host", ["Origin: https://HOST"], 101],
    ["a page of another host", ["Origin: https://evil.example"], 403],
    ["a page of a host that begins like ours", ["Origin: http://HOST.evil.example"], 403],
    ["a page of another port", ["Origin: http://127.0.0.1:1"], 403],
    ["a page in a sandbox", ["Origin: null"], 403],
    ["a page of nowhere", ["Origin: "], 403],
  ];

  for (const [what, headers, status] of shakes) {
    Deno.test(`webSocket() of kind ${kind} answers ${status} to ${what}`, async () => {
      await using running = await Running.with(echo, kind);
      const own = headers.map((header) => header.replace("HOST", running.host));
      assertEquals(Number((await running.shake(...own)).split(" ")[1]), status);
    });
  }
}

Deno.test("webSocket() answers 426 to what is no handshake, and says what is", async () => {
  await using server = new Server({ Name: "test", Port: 0 }, { log: new MemoryLog() });
  server.get("/", echo);
  const response = await server.fetch(new Request("http://localhost/"));
  assertEquals([response.status, response.headers.get("upgrade")], [426, "websocket"]);
  assertEquals((await response.json()).code, "failed_precondition");
});

Deno.test("webSocket() refuses options that make no sense when the route is made", () => {
  assertThrows(() => webSocket(() => {}, { maxMessageBytes: -1 }), RangeError, "maxMessageBytes");
});

const origins: [
  origin: string | undefined,
  allowed: Parameters<typeof isAllowedOrigin>[1],
  result: boolean,
][] = [
  [undefined, ["https://a.example"], true],
  ["https://a.example", ["https://a.example"], true],
  ["https://A.example", ["https://a.example"], false],
  ["https://b.a.example", ["https://a.example"], false],
  ["https://a.example.evil", ["https://a.example"], false],
  ["http://a.example", ["https://a.example"], false],
  ["null", ["https://a.example"], false],
  ["https://evil.example", "any", true],
  ["https://x.a.example", (origin) => origin.endsWith(".a.example"), true],
  ["https://app.example", "same-origin", true],
  ["https://app.example:443", "same-origin", true],
  ["https://app.example:8443", "same-origin", false],
];

for (const [origin, allowed, result] of origins) {
  Deno.test(`isAllowedOrigin() says ${result} of ${origin} where ${allowed} may`, () => {
    const headers = new Headers({ host: "APP.example" });
    if (origin !== undefined) headers.set("origin", origin);
    const request = new Request("https://app.example/", { headers });
    assertEquals(isAllowedOrigin(request, allowed), result);
  });
}
