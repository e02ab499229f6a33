/** Attacks by slowness: clients that hold what they were given and do not go on. */
import { assert, assertEquals } from "@std/assert";
import type { ListenerKind } from "../listener/config.ts";
import { KINDS, LIMITS, Target } from "./testdata/target.ts";
import { request, send, type SendOptions } from "./testdata/raw_client.ts";

/** A limit is met late by two sweeps, an eighth of the shortest each; the rest is for a busy machine. */
const LATE_MS = 400;

interface Attack {
  readonly name: string;
  readonly bytes: string;
  readonly options?: SendOptions;
  /** What becomes of it within the limit and `LATE_MS`. */
  readonly node: string;
  readonly connection: string;
  /** What `Deno.serve` does if it does not just wait. */
  readonly serve?: string;
  readonly limitMs: number;
  /** Whether the runtime, without limits, leaves a read of the body that never ends. */
  readonly leavesRead?: boolean;
}

const HOST = "Host: a";
const upload = request("POST /echo", [HOST, "Content-Length: 100"], "abc");
const drip = (count: number, part: string) => ({
  drip: { parts: Array<string>(count).fill(part), everyMs: 80 },
});

const ATTACKS: readonly Attack[] = [
  {
    name: "sends nothing",
    bytes: "",
    limitMs: LIMITS.HeaderTimeout,
    node: "408 close",
    connection: "close",
  },
  {
    name: "sends half a request line",
    bytes: "GET /ali",
    limitMs: LIMITS.HeaderTimeout,
    node: "408 close",
    connection: "close",
  },
  {
    name: "sends half a head",
    bytes: "GET /alive HTTP/1.1\r\nHost: a\r\n",
    limitMs: LIMITS.HeaderTimeout,
    node: "408 close",
    connection: "close",
  },
  {
    name: "sends a field now and then",
    bytes: "GET /alive HTTP/1.1\r\n",
    options: drip(20, "X: a\r\n"),
    limitMs: LIMITS.HeaderTimeout,
    node: "408 close",
    connection: "close",
  },
  {
    name: "sends empty lines now and then",
    bytes: "\r\n",
    options: drip(20, "\r\n"),
    limitMs: LIMITS.HeaderTimeout,
    node: "408 close",
    connection: "400 close",
    serve: "400 close",
  },
  {
    name: "asks once and then is idle",
    bytes: request("GET /alive"),
    limitMs: LIMITS.IdleTimeout,
    node: "200 close",
    connection: "200 close",
  },
  {
    name: "asks once and then sends half a head",
    bytes: request("GET /alive"),
    options: { drip: { parts: ["GET /al"], everyMs: 80 } },
    limitMs: LIMITS.HeaderTimeout,
    node: "200 408 close",
    connection: "200 close",
  },
  {
    name: "sends half a body",
    bytes: upload,
    limitMs: LIMITS.BodyTimeout,
    node: "408 close",
    connection: "open",
    leavesRead: true,
  },
  {
    name: "sends a byte of a body now and then",
    bytes: upload,
    options: drip(20, "x"),
    limitMs: LIMITS.BodyTimeout,
    node: "408 close",
    connection: "open",
    leavesRead: true,
  },
  {
    name: "sends half a chunk",
    bytes: request("POST /echo", [HOST, "Transfer-Encoding: chunked"], "64\r\nabc"),
    limitMs: LIMITS.BodyTimeout,
    node: "408 close",
    connection: "open",
    leavesRead: true,
  },
  {
    name: "sends half of a body that no handler reads",
    bytes: request("POST /ignore", [HOST, "Content-Length: 100"], "abc"),
    limitMs: 1_000,
    node: "200 close",
    connection: "200 close",
  },
];

function titleOf(kind: ListenerKind, name: string, wanted: string): string {
  if (kind === "serve" && wanted.endsWith("open")) {
    return `Deno.serve keeps a client that ${name} (known limit of the runtime; use Listener.Kind node)`;
  }
  return wanted.endsWith("open")
    ? `Deno.serve keeps a client that ${name} (known limit of the runtime, kind connection; use Listener.Kind node)`
    : `listener of kind ${kind} closes the connection of a client that ${name}`;
}

for (const attack of ATTACKS) {
  const { name, bytes, options, limitMs, leavesRead = false } = attack;
  for (const kind of KINDS) {
    const answered = attack.node.startsWith("200") ? "200 open" : "open";
    const wanted = kind === "serve" ? attack.serve ?? answered : attack[kind];
    Deno.test({
      name: titleOf(kind, name, wanted),
      sanitizeOps: !(kind === "serve" && leavesRead),
      fn: async () => {
        await using target = await Target.start(kind, {
          MinBodyRate: kind === "node" ? 500 : undefined,
        });
        // What is to be closed may be late on a busy machine; what is not gets its time.
        const waitMs = limitMs + (wanted.endsWith("close") ? 5_000 : LATE_MS);
        const { result, elapsedMs } = await send(target.port, bytes, { waitMs, ...options });
        assertEquals(result, wanted);
        if (/^(200 )?(408 )?close$/.test(result) && limitMs < 1_000) assert(elapsedMs >= limitMs);
        await target.assertAlive();
      },
    });
  }
}

Deno.test("listener of kind node closes the connection of a client that does not take its answer", async () => {
  for (const path of ["/big", "/stream"]) {
    await using target = await Target.start("node");
    using client = await Deno.connect({ hostname: "127.0.0.1", port: target.port });
    await client.write(new TextEncoder().encode(request(`GET ${path}`)));
    await new Promise((resolve) => setTimeout(resolve, LIMITS.BodyTimeout + LATE_MS));
    const taken = await takeAll(client);
    // What the system had buffered comes, and then the end, long before the answer is whole.
    assert(taken.closed && taken.bytes < 4_000_000 || path === "/stream" && taken.closed, path);
    await target.assertAlive();
  }
});

async function takeAll(client: Deno.Conn): Promise<{ bytes: number; closed: boolean }> {
  const buffer = new Uint8Array(256 * 1024);
  let bytes = 0;
  for (;;) {
    const count = await client.read(buffer).catch(() => null);
    if (count === null) return { bytes, closed: true };
    bytes += count;
    if (bytes > 50_000_000) return { bytes, closed: false };
  }
}

for (const kind of KINDS) {
  Deno.test(`listener of kind ${kind} answers a client that takes its answer slowly`, async () => {
    await using target = await Target.start(kind);
    using client = await Deno.connect({ hostname: "127.0.0.1", port: target.port });
    await client.write(new TextEncoder().encode(request("GET /big", [HOST, "Connection: close"])));
    const buffer = new Uint8Array(400_000);
    let bytes = 0;
    while (bytes < 4_000_000) {
      const count = await client.read(buffer);
      if (count === null) break;
      bytes += count;
      if (bytes < 2_000_000) await new Promise((resolve) => setTimeout(resolve, 30));
    }
    assert(bytes >= 4_000_000, `${bytes}`);
  });

  Deno.test(`listener of kind ${kind} answers a client that has stopped sending`, async () => {
    await using target = await Target.start(kind);
    const { text } = await send(target.port, request("GET /alive"), { halfClose: true });
    assert(text.startsWith("HTTP/1.1 200 "), text);
    await target.assertAlive();
  });

  Deno.test(`listener of kind ${kind} outlives a client that goes away amid its upload`, async () => {
    await using target = await Target.start(kind);
    for (let round = 0; round < 20; round++) {
      using client = await Deno.connect({ hostname: "127.0.0.1", port: target.port });
      await client.write(new TextEncoder().encode(upload));
      if (round % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await target.assertAlive();
  });

  Deno.test({
    name:
      `listener of kind ${kind} ends the work for the half of its clients that went away, and no other`,
    // The timeouts that stand for work go on after it was ended.
    sanitizeOps: false,
    fn: async () => {
      await using target = await Target.start(kind, { IdleTimeout: 5_000 });
      const asked = Array.from(
        { length: 40 },
        (_, index) =>
          send(target.port, request("GET /watched"), {
            waitMs: index % 2 ? 100 : 8_000,
            answers: 1,
          }),
      );
      for (let tries = 0; tries < 60 && target.cancelled < 20; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assertEquals(target.cancelled, 20);
      const results = (await Promise.all(asked)).map(({ result }) => result);
      assertEquals(results.filter((result) => result === "200 open").length, 20);
    },
  });
}
