/** Attacks by number: connections, requests, stalled uploads. */
import { assert, assertEquals } from "@std/assert";
import { Child } from "./testdata/child.ts";
import { KINDS, Target } from "./testdata/target.ts";
import { request, send } from "./testdata/raw_client.ts";

const HARDENED = KINDS.filter((kind) => kind !== "serve");

class Crowd implements Disposable {
  readonly #members: Deno.TcpConn[] = [];

  static async of(count: number, port: number): Promise<Crowd> {
    const crowd = new Crowd();
    for (let i = 0; i < count; i++) {
      crowd.#members.push(await Deno.connect({ hostname: "127.0.0.1", port }));
    }
    return crowd;
  }

  /** How many of them the server has closed by now. */
  async closed(): Promise<number> {
    const settled = new Set<Deno.TcpConn>();
    const buffer = new Uint8Array(1);
    for (const member of this.#members) {
      member.read(buffer).then((count) => count === null && settled.add(member), () => {
        settled.add(member);
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    return settled.size;
  }

  async say(text: string): Promise<void> {
    await Promise.all(this.#members.map((member) => member.write(new TextEncoder().encode(text))));
  }

  [Symbol.dispose](): void {
    for (const member of this.#members.splice(0)) member.close();
  }
}

for (const kind of HARDENED) {
  Deno.test(`listener of kind ${kind} closes the connections beyond MaxConnections`, async () => {
    await using target = await Target.start(kind, { MaxConnections: 10, HeaderTimeout: 5_000 });
    {
      using crowd = await Crowd.of(15, target.port);
      assertEquals(await crowd.closed(), 5);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    await target.assertAlive();
  });

  Deno.test(`listener of kind ${kind} closes the connections of one address beyond MaxConnectionsPerIp`, async () => {
    await using target = await Target.start(kind, { MaxConnectionsPerIp: 3, HeaderTimeout: 5_000 });
    {
      using crowd = await Crowd.of(8, target.port);
      assertEquals(await crowd.closed(), 5);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    await target.assertAlive();
  });

  Deno.test(`listener of kind ${kind} closes a connection after MaxRequestsPerConnection, and says so`, async () => {
    await using target = await Target.start(kind, { MaxRequestsPerConnection: 3 });
    const { result, text } = await send(target.port, request("GET /alive").repeat(3));
    assertEquals(result, "200 200 200 close");
    assertEquals(text.match(/connection: close/gi)?.length, 1);
    await target.assertAlive();
  });

  Deno.test(`listener of kind ${kind} forgets a client that stalls its upload, once it is gone`, async () => {
    await using child = await Child.start(kind, { BodyTimeout: 200, MaxConnectionsPerIp: 0 });
    const stall = async () => {
      using crowd = await Crowd.of(300, child.port);
      await crowd.say(request("POST /echo", ["Host: a", "Content-Length: 60000"], "x"));
      await new Promise((resolve) => setTimeout(resolve, 320));
    };
    // Until the allocator has what it needs for such a crowd.
    for (let warm = 0; warm < 7; warm++) await stall();
    const before = await child.memory();
    for (let round = 0; round < 6; round++) await stall();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const after = await child.memory();
    // 1,800 uploads. A read that the runtime has lost keeps 5 KB of the heap and up to 65 KB beside it; what the
    // allocator has not given back comes to less.
    assert(after.heapUsed - before.heapUsed < 3_600_000, `${after.heapUsed - before.heapUsed}`);
    assert(after.rss - before.rss < 45_000_000, `${after.rss - before.rss}`);
  });
}

Deno.test("Deno.serve loses memory with every upload that stalls (known limit of the runtime; use Listener.Kind node)", async () => {
  await using child = await Child.start("serve");
  const before = await child.memory();
  using crowd = await Crowd.of(500, child.port);
  await crowd.say(request("POST /echo", ["Host: a", "Content-Length: 60000"], "x"));
  // Until the route's timeout of 2 s has answered all of them with 408.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  crowd[Symbol.dispose]();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const after = await child.memory();
  assert(after.heapUsed - before.heapUsed > 1_000_000, `${after.heapUsed - before.heapUsed}`);
});

for (const kind of KINDS) {
  Deno.test(`listener of kind ${kind} holds 2,000 idle connections in less than 110 MB`, async () => {
    await using child = await Child.start(kind, kind === "serve" ? {} : { MaxConnectionsPerIp: 0 });
    for (let warm = 0; warm < 200; warm++) await child.text("/alive");
    const before = await child.memory();
    using crowd = await Crowd.of(2_000, child.port);
    await crowd.say(request("GET /alive"));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const grown = (await child.memory()).rss - before.rss;
    assert(grown < 110_000_000, `${grown}`);
  });

  Deno.test(`listener of kind ${kind} refuses a flood of websockets that nobody serves`, async () => {
    await using target = await Target.start(kind);
    const handshake = request("GET /alive", [
      "Host: a",
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]);
    const outcomes = await Promise.all(
      Array.from(
        { length: 50 },
        () =>
          send(target.port, handshake, { waitMs: 500, until: (text) => text.includes("\r\n\r\n") }),
      ),
    );
    // Where websockets are to be had the route decides, and this one answers as if nobody had asked.
    const status = kind === "connection" ? "501" : "200";
    assert(outcomes.every(({ result }) => result.startsWith(status)));
    await target.assertAlive();
  });
}

Deno.test("listener of kind node closes a connection with more than 32 requests at once", async () => {
  await using target = await Target.start("node");
  const { result } = await send(target.port, request("GET /alive").repeat(3_000), { waitMs: 500 });
  assertEquals(result, "200 ".repeat(33) + "close");
  assertEquals(target.handled, 33);
});

for (const kind of ["serve", "connection"] as const) {
  Deno.test(`Deno.serve answers any number of requests sent at once (known limit of the runtime, kind ${kind}; use Listener.Kind node)`, async () => {
    await using target = await Target.start(kind);
    await send(target.port, request("GET /alive").repeat(3_000), { waitMs: 500 });
    assertEquals(target.handled, 3_000);
  });
}
