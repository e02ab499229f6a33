/** Attacks on websockets, frame by frame, against what the listener of kind `node` speaks. */
import { assert, assertEquals } from "@std/assert";
import { webSocket, type WebSocketOptions } from "../websocket/mod.ts";
import { Child } from "./testdata/child.ts";
import { Target } from "./testdata/target.ts";
import { encoded, writeAll } from "./testdata/raw_client.ts";

const HANDSHAKE = [
  "GET /ws HTTP/1.1",
  "Host: target.example",
  "Connection: keep-alive, Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

/** A frame of so many zeros, masked with zeros. */
function frame(head: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = [head, ...length < 126 ? [0x80 | length] : [0xfe, length >> 8, length & 255]];
  return Uint8Array.from([...bytes, 0, 0, 0, 0, ...new Uint8Array(length)]);
}

class RawSocket implements Disposable {
  readonly #connection: Deno.TcpConn;
  #seen = new Uint8Array();

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  /** Shakes hands; the head of the answer. */
  static async open(
    port: number,
    lines: readonly string[] = HANDSHAKE,
  ): Promise<{ raw: RawSocket; head: string }> {
    const raw = new RawSocket(await Deno.connect({ hostname: "127.0.0.1", port }));
    await raw.send(encoded(`${lines.join("\r\n")}\r\n\r\n`));
    while (true) {
      const text = new TextDecoder("latin1").decode(raw.#seen);
      const end = text.indexOf("\r\n\r\n");
      if (end >= 0) {
        raw.#seen = raw.#seen.slice(end + 4);
        return { raw, head: text.slice(0, end) };
      }
      if (!await raw.#read()) return { raw, head: text };
    }
  }

  async send(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await writeAll(this.#connection, bytes);
  }

  /** Reads until the server closes; the status of its close frame, with how many frames came before it. */
  async end(): Promise<{ code: number | undefined; frames: number }> {
    while (await this.#read());
    let frames = 0;
    for (let at = 0; at + 2 <= this.#seen.length;) {
      const [head, length] = [this.#seen[at]!, this.#seen[at + 1]!];
      if (head === 0x88) {
        const [high, low] = this.#seen.subarray(at + 2);
        return { code: low === undefined ? undefined : high! * 256 + low, frames };
      }
      frames++;
      at += 2 + length;
    }
    return { code: undefined, frames };
  }

  /** Reads so many bytes, and gives the first four. */
  async bytes(count: number): Promise<number[]> {
    while (this.#seen.length < count && await this.#read());
    return [...this.#seen.subarray(0, 4)];
  }

  async #read(): Promise<boolean> {
    const buffer = new Uint8Array(65_536);
    const count = await this.#connection.read(buffer).catch(() => null);
    if (count === null) return false;
    this.#seen = Uint8Array.from([...this.#seen, ...buffer.subarray(0, count)]);
    return true;
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }
}

async function start(options: WebSocketOptions = {}): Promise<Target> {
  // Its limits must not matter once the connection has left HTTP.
  const target = Target.prepare("node", { HeaderTimeout: 200, IdleTimeout: 200, BodyTimeout: 200 });
  target.server.get(
    "/ws",
    webSocket(async (session) => {
      for await (const message of session) await session.send(message);
    }, { maxMessageBytes: 1_000, ...options }),
  );
  await target.server.start();
  return target;
}

const repeated = (bytes: Uint8Array<ArrayBuffer>, count: number) =>
  Uint8Array.from({ length: count * bytes.length }, (_, at) => bytes[at % bytes.length]!);

const ATTACKS: readonly [what: string, bytes: Uint8Array<ArrayBuffer>, code: number][] = [
  ["a frame that is not masked", Uint8Array.of(0x81, 0x01, 0x61), 1002],
  ["a frame that announces 8 EiB", Uint8Array.of(0x82, 0xff, 0x7f, ...new Uint8Array(11)), 1009],
  ["a message that is too large", frame(0x82, 1_001), 1009],
  ["a flood of pings", repeated(frame(0x89, 10), 5_000), 1008],
  ["a flood of pongs", repeated(frame(0x8a, 0), 5_000), 1008],
  [
    "a flood of empty fragments",
    Uint8Array.from([...frame(0x02, 1), ...repeated(frame(0x00, 0), 5_000)]),
    1008,
  ],
  ["a reserved opcode", frame(0x83, 1), 1002],
  ["reserved bits, as of a compression nobody agreed on", frame(0xc2, 1), 1002],
  ["text that is not UTF-8", Uint8Array.of(0x81, 0x81, 0, 0, 0, 0, 0xff), 1007],
];

for (const [what, bytes, code] of ATTACKS) {
  Deno.test(`websocket of kind node closes with ${code} on ${what}, and the server lives`, async () => {
    await using target = await start();
    const { raw } = await RawSocket.open(target.port);
    using _ = raw;
    await raw.send(bytes).catch(() => {}); // The server may have closed amid a flood.
    assertEquals((await raw.end()).code, code);
    await target.assertAlive();
  });
}

Deno.test("websocket of kind node refuses fragments that are too large together, at the one that is too much", async () => {
  await using target = await start();
  const { raw } = await RawSocket.open(target.port);
  using _ = raw;
  await raw.send(frame(0x02, 600));
  await raw.send(frame(0x00, 600));
  assertEquals((await raw.end()).code, 1009);
});

Deno.test("websocket of kind node shakes hands and carries a message in thousand fragments", async () => {
  await using target = await start();
  const message = Uint8Array.from([
    ...frame(0x02, 1),
    ...repeated(frame(0x00, 1), 998),
    ...frame(0x80, 1),
  ]);
  const { raw, head } = await RawSocket.open(target.port);
  using _ = raw;
  assert(head.includes("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), head); // The example of RFC 6455.
  await raw.send(message);
  assertEquals(await raw.bytes(4 + 1_000), [0x82, 126, 1_000 >> 8, 1_000 & 255]);
});

Deno.test("websocket of kind node outlives the limits of HTTP, and ends with the server", async () => {
  const target = await start();
  const { raw } = await RawSocket.open(target.port);
  using _ = raw;
  await new Promise((resolve) => setTimeout(resolve, 600));
  await raw.send(frame(0x82, 1));
  const ended = raw.end();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const started = performance.now();
  const stopped = target[Symbol.asyncDispose]();
  await new Promise((resolve) => setTimeout(resolve, 50));
  await raw.send(frame(0x88, 0));
  const { code, frames } = await ended;
  await stopped;
  assertEquals([code, frames], [1001, 1]);
  assert(performance.now() - started < 1_000, `${performance.now() - started}`);
});

const without = (name: string) => HANDSHAKE.filter((line) => !line.startsWith(name));

const HANDSHAKES: readonly [what: string, lines: readonly string[], status: number][] = [
  ["of a page of another site", [...HANDSHAKE, "Origin: https://evil.example"], 403],
  ["of a page in a sandbox", [...HANDSHAKE, "Origin: null"], 403],
  [
    "of a page of a host that begins alike",
    [...HANDSHAKE, "Origin: http://target.example.evil"],
    403,
  ],
  ["of a page of its own", [...HANDSHAKE, "Origin: http://target.example"], 101],
  ["without a key", without("Sec-WebSocket-Key"), 400],
  ["with a key of 15 bytes", [
    ...without("Sec-WebSocket-Key"),
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j",
  ], 400],
  ["of another version", [...without("Sec-WebSocket-Version"), "Sec-WebSocket-Version: 8"], 426],
  ["without a Connection", without("Connection"), 426],
  ["by POST", ["POST /ws HTTP/1.1", ...HANDSHAKE.slice(1), "Content-Length: 0"], 405],
  ["where no websocket is", ["GET /alive HTTP/1.1", ...HANDSHAKE.slice(1)], 200],
  ["where nothing is", ["GET /none HTTP/1.1", ...HANDSHAKE.slice(1)], 404],
];

for (const [what, lines, status] of HANDSHAKES) {
  Deno.test(`websocket of kind node answers ${status} to a handshake ${what}`, async () => {
    await using target = await start();
    const { raw, head } = await RawSocket.open(target.port, lines);
    using _ = raw;
    assertEquals(Number(head.split(" ")[1]), status, head);
  });
}

Deno.test("websocket of kind node keeps no memory of 300 connections that break the rules", async () => {
  await using child = await Child.start("node");
  const attack = async () => {
    const { raw } = await RawSocket.open(child.port);
    using _ = raw;
    await raw.send(frame(0x02, 60_000));
    await raw.send(Uint8Array.of(0x81, 0x01, 0x61));
    await raw.end();
  };
  for (let round = 0; round < 50; round++) await attack();
  const before = (await child.memory()).heapUsed;
  for (let round = 0; round < 300; round++) await attack();
  const grown = (await child.memory()).heapUsed - before;
  assert(grown < 2_000_000, `${grown} bytes`);
});
