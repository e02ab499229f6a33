import { assert, assertEquals, assertRejects } from "@std/assert";
import { eventually } from "./eventually.ts";
import { FaultProxy } from "./fault_proxy.ts";

/** A server that sends back what it gets. */
class EchoServer implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #conns = new Set<Promise<void>>();
  readonly #serving = this.#serve();

  get target(): Deno.ConnectOptions {
    return { hostname: "127.0.0.1", port: this.#listener.addr.port };
  }

  async #serve(): Promise<void> {
    for await (const conn of this.#listener) {
      this.#conns.add(conn.readable.pipeTo(conn.writable).catch(() => {}));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#serving;
    await Promise.all(this.#conns);
  }
}

async function connect(proxy: FaultProxy): Promise<Deno.TcpConn> {
  return await Deno.connect({ hostname: "127.0.0.1", port: Number(proxy.address.split(":")[1]) });
}

/** Sends bytes and waits for them to come back; how long that took, in ms. */
async function echo(conn: Deno.TcpConn, length = 5): Promise<number> {
  const startedAt = performance.now();
  await conn.write(new Uint8Array(length));
  const buffer = new Uint8Array(length);
  for (let got = 0; got < length;) {
    const read = await conn.read(buffer);
    if (read === null) throw new Error("cut");
    got += read;
  }
  return performance.now() - startedAt;
}

/** Whether nothing has come of a promise after a while. */
async function isPending(promise: Promise<unknown>, ms = 50): Promise<boolean> {
  const timeout = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => timeout.resolve(true), ms);
  const settled = promise.then(() => false, () => false);
  const pending = await Promise.race([settled, timeout.promise]);
  clearTimeout(timer);
  return pending;
}

Deno.test("FaultProxy passes on, waits and crawls as told", async () => {
  await using server = new EchoServer();
  await using proxy = FaultProxy.listen(server.target);
  using conn = await connect(proxy);
  assert(await echo(conn) < 500);
  proxy.delay(40);
  assert(await echo(conn) >= 79);
  proxy.heal();
  proxy.throttle(1_000);
  const tookMs = await echo(conn, 100);
  assert(tookMs >= 180, `took ${tookMs} ms`);
  assertEquals([proxy.connections, proxy.accepted], [1, 1]);
});

Deno.test("FaultProxy.silence() swallows until healed", async () => {
  await using server = new EchoServer();
  await using proxy = FaultProxy.listen(server.target);
  using conn = await connect(proxy);
  await echo(conn);
  proxy.silence();
  const echoed = echo(conn);
  assert(await isPending(echoed));
  using other = await connect(proxy);
  const otherEchoed = echo(other);
  assert(await isPending(otherEchoed));
  proxy.heal();
  await Promise.all([echoed, otherEchoed]);
});

Deno.test("FaultProxy.silence() with forget leaves connections dead", async () => {
  await using server = new EchoServer();
  await using proxy = FaultProxy.listen(server.target);
  const conn = await connect(proxy);
  await echo(conn);
  proxy.silence({ forget: true });
  proxy.heal();
  const echoed = echo(conn);
  assert(await isPending(echoed));
  using other = await connect(proxy);
  await echo(other);
  proxy.cut();
  await assertRejects(() => echoed);
  conn.close();
});

Deno.test("FaultProxy.refuse() takes no connections until healed", async () => {
  await using server = new EchoServer();
  await using proxy = FaultProxy.listen(server.target);
  using conn = await connect(proxy);
  await echo(conn);
  proxy.refuse();
  await assertRejects(() =>
    connect(proxy).then((other) => echo(other).finally(() => other.close()))
  );
  await assertRejects(() => echo(conn));
  assertEquals(proxy.connections, 0);
  proxy.heal();
  using other = await connect(proxy);
  await echo(other);
});

Deno.test("FaultProxy closes what its server closes", async () => {
  const server = new EchoServer();
  await using proxy = FaultProxy.listen(server.target);
  const { target } = server;
  await server[Symbol.asyncDispose]();
  assert(target.port > 0);
  using conn = await connect(proxy);
  assertEquals(await conn.read(new Uint8Array(1)), null);
  await eventually("the connection to go", () => proxy.connections === 0);
});
