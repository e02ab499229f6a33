/** The end of a service that is being used. */
import { assert, assertEquals } from "@std/assert";
import type { ListenerKind } from "../listener/config.ts";
import { Child } from "./testdata/child.ts";
import { KINDS, Target } from "./testdata/target.ts";
import { encoded, request, writeAll } from "./testdata/raw_client.ts";

/**
 * A client that keeps its connection for as long as it may: it asks again as soon as it is answered, and stops when an answer
 * says that the connection ends. A connection that is closed on it before an answer came is a lost request.
 */
class KeepAliveClient {
  answered = 0;
  lost = 0;
  #connection: Deno.TcpConn | undefined;
  readonly #port: number;
  readonly #path: string;

  constructor(port: number, path: string) {
    this.#port = port;
    this.#path = path;
  }

  /** Asks until the server accepts no more, or says so. */
  async run(): Promise<void> {
    while (await this.#connect()) {
      while (await this.#ask());
      this.#connection!.close();
    }
  }

  async #connect(): Promise<boolean> {
    try {
      this.#connection = await Deno.connect({ hostname: "127.0.0.1", port: this.#port });
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

async function drainUnderLoad(kind: ListenerKind): Promise<{ answered: number; lost: number }> {
  await using child = await Child.start(kind);
  const clients = Array.from(
    { length: 40 },
    (_, index) => new KeepAliveClient(child.port, index % 2 ? "/alive" : "/slow"),
  );
  const running = clients.map((client) => client.run());
  await new Promise((resolve) => setTimeout(resolve, 300));
  child.signal("SIGTERM");
  await Promise.all(running);
  assertEquals((await child.status).code, 0);
  const sum = (pick: (client: KeepAliveClient) => number) =>
    clients.reduce((total, client) => total + pick(client), 0);
  return { answered: sum((client) => client.answered), lost: sum((client) => client.lost) };
}

for (const kind of ["connection", "node"] as const) {
  Deno.test(`listener of kind ${kind} loses no request of keep-alive clients when it stops under load`, async () => {
    const { answered, lost } = await drainUnderLoad(kind);
    assert(answered > 100, `${answered}`);
    assertEquals(lost, 0);
  });
}

Deno.test("Deno.serve may lose a request that is on its way when it stops (known limit of the runtime; use Listener.Kind node or connection)", async () => {
  const { answered, lost } = await drainUnderLoad("serve");
  assert(answered > 100);
  // It closes a connection that is idle at that moment; at most one request of each is lost.
  assert(lost <= 40, `${lost}`);
});

for (const kind of KINDS) {
  Deno.test(`listener of kind ${kind} ends at once on a second signal`, async () => {
    await using child = await Child.start(kind);
    child.signal("SIGTERM");
    // Two signals that come together are one.
    while ((await child.text("/healthz")).startsWith("OK")) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const started = performance.now();
    child.signal("SIGTERM");
    await child.status;
    assert(performance.now() - started < 1_000);
  });

  Deno.test(`listener of kind ${kind} starts and stops again and again on its port, and nothing is left`, async () => {
    for (let round = 0; round < 10; round++) {
      await using target = await Target.start(kind);
      await target.assertAlive();
    }
  });

  Deno.test(`listener of kind ${kind} closes idle connections when it stops`, async () => {
    const target = await Target.start(kind, { IdleTimeout: 60_000, HeaderTimeout: 60_000 });
    const crowd = await Promise.all(
      Array.from({ length: 20 }, () => Deno.connect({ hostname: "127.0.0.1", port: target.port })),
    );
    for (const member of crowd.slice(10)) await writeAll(member, encoded(request("GET /alive")));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const started = performance.now();
    await target[Symbol.asyncDispose]();
    assert(performance.now() - started < 1_000, `${performance.now() - started}`);
    for (const member of crowd) member.close();
  });
}
