/** The contract of listeners, which every kind keeps, over TCP and TLS. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { ServiceError } from "../../core/errors.ts";
import type { ConnectionInfo } from "../context.ts";
import type { ListenerConf, ListenerKind } from "./config.ts";
import { limitsOf, listenerConfig } from "./config.ts";
import { connectionEntry } from "./connection_entry.ts";
import { listen } from "./listen.ts";
import type { Dispatch } from "./listener.ts";
import { readTls } from "./tls.ts";

const KINDS: readonly ListenerKind[] = ["serve", "connection", "node"];
const file = (name: string) => fromFileUrl(new URL(`testdata/${name}`, import.meta.url));

class Running implements AsyncDisposable {
  readonly #client: Deno.HttpClient;
  readonly #url: string;
  readonly #shutdown: () => Promise<void>;

  private constructor(url: string, client: Deno.HttpClient, shutdown: () => Promise<void>) {
    this.#url = url;
    this.#client = client;
    this.#shutdown = shutdown;
  }

  static async start(
    dispatch: Dispatch,
    listener: Partial<ListenerConf>,
    isTls = false,
  ): Promise<Running> {
    const tls = isTls ? await readTls(file("localhost.pem"), file("localhost.key.pem")) : undefined;
    const running = await listen(dispatch, { hostname: "127.0.0.1", port: 0, tls, listener });
    const caCerts = [await Deno.readTextFile(file("ca.pem"))];
    const client = Deno.createHttpClient({ caCerts, http2: false });
    const url = `${isTls ? "https" : "http"}://localhost:${running.address.port}`;
    return new Running(url, client, () => running.shutdown());
  }

  get port(): number {
    return Number(new URL(this.#url).port);
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.#url + path, { ...init, client: this.#client });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.close();
    await this.#shutdown();
  }
}

function pieces(count: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  return ReadableStream.from((function* () {
    for (let i = 0; i < count; i++) yield new TextEncoder().encode(`piece ${i};`);
  })());
}

interface Case {
  readonly name: string;
  readonly init?: RequestInit;
  readonly dispatch: Dispatch;
  readonly check: (response: Response) => Promise<void>;
}

const CASES: readonly Case[] = [
  {
    name: "answers with status, fields and body",
    dispatch: () => new Response("body", { status: 201, headers: { "x-a": "1" } }),
    check: async (response) => {
      assertEquals([response.status, response.headers.get("x-a")], [201, "1"]);
      assertEquals(response.headers.get("content-length"), "4");
      assertEquals(await response.text(), "body");
    },
  },
  {
    name: "gives method, URL and fields of the request",
    init: { method: "PUT", headers: { "x-b": "2" } },
    dispatch: ({ method, url, headers }) =>
      Response.json([method, new URL(url).pathname, new URL(url).search, headers.get("x-b")]),
    check: async (response) => {
      assertEquals(await response.json(), ["PUT", "/path", "?q=1", "2"]);
    },
  },
  {
    name: "reads a body of text",
    init: { method: "POST", body: "héllo" },
    dispatch: async (request) => new Response(await request.text()),
    check: async (response) => assertEquals(await response.text(), "héllo"),
  },
  {
    name: "reads a body of 1 MB",
    init: { method: "POST", body: new Uint8Array(1_000_000) },
    dispatch: async (request) => Response.json((await request.bytes()).length),
    check: async (response) => assertEquals(await response.json(), 1_000_000),
  },
  {
    name: "reads a form",
    init: { method: "POST", body: new URLSearchParams({ a: "1" }) },
    dispatch: async (request) => Response.json([...await request.formData()]),
    check: async (response) => assertEquals(await response.json(), [["a", "1"]]),
  },
  {
    name: "reads the pieces of a streamed body",
    init: { method: "POST", body: pieces(100) },
    dispatch: async (request) => {
      let bytes = 0;
      for await (const piece of request.body ?? []) bytes += piece.byteLength;
      return Response.json(bytes);
    },
    check: async (response) => assertEquals(await response.json(), 890),
  },
  {
    name: "echoes a stream as a stream",
    init: { method: "POST", body: pieces(100) },
    dispatch: (request) => new Response(request.body),
    check: async (response) => assertEquals((await response.text()).length, 890),
  },
  {
    name: "streams an answer in chunks",
    dispatch: () => new Response(pieces(3)),
    check: async (response) => {
      assertEquals(response.headers.get("transfer-encoding"), "chunked");
      assertEquals(await response.text(), "piece 0;piece 1;piece 2;");
    },
  },
  {
    name: "answers HEAD without a body but with its length",
    init: { method: "HEAD" },
    dispatch: () => Response.json({ a: 1 }),
    check: async (response) => {
      assertEquals(response.headers.get("content-length"), "7");
      assertEquals(await response.text(), "");
    },
  },
  ...[204, 304].map((status): Case => ({
    name: `answers ${status} without a body`,
    dispatch: () => new Response(null, { status, headers: { etag: '"a"' } }),
    check: async (response) => {
      assertEquals([response.status, response.headers.get("etag")], [status, '"a"']);
      assertEquals(await response.text(), "");
    },
  })),
  {
    name: "sends each cookie in a field of its own",
    dispatch: () => new Response("", { headers: [["set-cookie", "a=1"], ["set-cookie", "b=2"]] }),
    check: async (response) => {
      await response.body?.cancel();
      assertEquals(response.headers.getSetCookie(), ["a=1", "b=2"]);
    },
  },
  {
    name: "answers 500 when the dispatch itself throws",
    dispatch: () => {
      throw new Error("hunter2");
    },
    check: async (response) => {
      assertEquals([response.status, await response.text()], [500, ""]);
    },
  },
  {
    name: "sends 3 MB",
    dispatch: () => new Response(new Uint8Array(3_000_000)),
    check: async (response) => assertEquals((await response.bytes()).length, 3_000_000),
  },
];

for (const kind of KINDS) {
  for (const isTls of [false, true]) {
    for (const { name, init, dispatch, check } of CASES) {
      // A stream can be sent once only, and this one may be sent six times.
      const fresh = () =>
        init?.body instanceof ReadableStream ? { ...init, body: pieces(100) } : init;
      Deno.test(`listen() of kind ${kind} ${isTls ? "over TLS " : ""}${name}`, async () => {
        await using running = await Running.start(dispatch, { Kind: kind }, isTls);
        await check(await running.fetch("/path?q=1", fresh()));
      });
    }
  }

  Deno.test(`listen() of kind ${kind} tells the peer, and when the answer is out`, async () => {
    let seen: ConnectionInfo["remoteAddr"] | undefined;
    let completed: Promise<void> | undefined;
    await using running = await Running.start((_request, info) => {
      seen = info.remoteAddr;
      completed = info.completed;
      return new Response("x");
    }, { Kind: kind });
    await (await running.fetch("/")).text();
    await completed;
    assertEquals([seen?.transport, seen?.hostname], ["tcp", "127.0.0.1"]);
  });

  Deno.test(`listen() of kind ${kind} settles completed when the client goes away, and cancels the stream`, async () => {
    const settled = Promise.withResolvers<void>();
    const cancelled = Promise.withResolvers<void>();
    await using running = await Running.start((_request, info) => {
      info.completed!.then(settled.resolve, settled.resolve);
      return new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(new Uint8Array(1)),
          cancel: () => cancelled.resolve(),
        }),
      );
    }, { Kind: kind });
    const response = await running.fetch("/");
    await response.body!.cancel();
    await cancelled.promise;
    await settled.promise;
  });

  Deno.test(`listen() of kind ${kind} aborts the signal of a request whose client goes away`, async () => {
    const entered = Promise.withResolvers<void>();
    const aborted = Promise.withResolvers<void>();
    await using running = await Running.start((request) => {
      request.signal.addEventListener("abort", () => aborted.resolve());
      entered.resolve();
      return aborted.promise.then(() => new Response("late"));
    }, { Kind: kind });
    const client = new AbortController();
    const asked = running.fetch("/", { signal: client.signal }).catch(() => "gone");
    await entered.promise;
    client.abort();
    await aborted.promise;
    assertEquals(await asked, "gone");
  });

  Deno.test(`listen() of kind ${kind} says what holds the address`, async () => {
    using holder = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    await assertRejects(
      () =>
        listen(() => new Response(), {
          hostname: "127.0.0.1",
          port: holder.addr.port,
          listener: { Kind: kind },
        }),
      ServiceError,
      "the address is in use; stop the program that holds it or change Port",
    );
  });
}

Deno.test("listen() of kind node closes a connection whose TLS handshake does not come", async () => {
  const limits = { Kind: "node", HeaderTimeout: 200 } as const;
  await using running = await Running.start(() => new Response(), limits, true);
  using client = await Deno.connect({ hostname: "127.0.0.1", port: running.port });
  assertEquals(await client.read(new Uint8Array(1)).catch(() => null), null);
});

for (const kind of ["serve", "connection"] as const) {
  Deno.test(`Deno.serve keeps a client whose TLS handshake does not come (known limit of the runtime, kind ${kind}; use Listener.Kind node)`, async () => {
    const limits = kind === "serve" ? {} : { HeaderTimeout: 100 };
    await using running = await Running.start(
      () => new Response(),
      { Kind: kind, ...limits },
      true,
    );
    const client = await Deno.connect({ hostname: "127.0.0.1", port: running.port });
    let closed = false;
    const read = client.read(new Uint8Array(1)).then(() => closed = true, () => {});
    await new Promise((resolve) => setTimeout(resolve, 400));
    assertEquals(closed, false);
    client.close();
    await read;
  });
}

for (const body of ["ascii", "h\u00e9llo", new Uint8Array([0, 255])]) {
  const dispatch = () => new Response(body, { headers: { "x-name": "caf\u00e9" } });
  for (const kind of KINDS) {
    Deno.test(`listen() of kind ${kind} sends a field in Latin-1 beside a body of ${body}`, async () => {
      await using running = await Running.start(dispatch, { Kind: kind });
      const response = await running.fetch("/");
      assertEquals(response.headers.get("x-name"), "caf\u00e9");
      assertEquals(await response.bytes(), await new Response(body).bytes());
    });
  }

  Deno.test(`node:https sends a field in UTF-8 beside a body of ${body} (known fault of the runtime; keep fields in ASCII)`, async () => {
    await using running = await Running.start(dispatch, { Kind: "node" }, true);
    const response = await running.fetch("/");
    assertEquals(response.headers.get("x-name"), "caf\u00c3\u00a9");
    assertEquals(await response.bytes(), await new Response(body).bytes());
  });
}

Deno.test("listen() of kind serve says that connections end once announceEnd() is called", async () => {
  const listener = await listen(
    ({ url }) =>
      url.endsWith("/fixed") ? Response.redirect("http://localhost/") : new Response("x"),
    { hostname: "127.0.0.1", port: 0 },
  );
  const ask = async (path: string) => {
    const url = `http://127.0.0.1:${listener.address.port}${path}`;
    const { status, body, headers } = await fetch(url, { redirect: "manual" });
    await body?.cancel();
    return [status, headers.get("connection")];
  };
  assertEquals(await ask("/"), [200, null]);
  listener.announceEnd();
  assertEquals(await ask("/"), [200, "close"]);
  assertEquals(await ask("/fixed"), [302, "close"]);
  await listener.shutdown();
});

Deno.test("listen() of kind node tells how long it keeps a connection", async () => {
  const limits = { Kind: "node", IdleTimeout: 30_000, MaxRequestsPerConnection: 2 } as const;
  await using running = await Running.start(() => new Response("x"), limits);
  const answers = [await running.fetch("/"), await running.fetch("/")];
  for (const answer of answers) await answer.text();
  assertEquals(answers.map(({ headers }) => headers.get("keep-alive")), ["timeout=30", null]);
});

Deno.test("listen() of kind node cuts an answer that is not as long as it says", async () => {
  for (const length of ["3", "5"]) {
    const dispatch = () => new Response("four", { headers: { "content-length": length } });
    await using running = await Running.start(dispatch, { Kind: "node" });
    await assertRejects(async () => await (await running.fetch("/")).text());
  }
});

Deno.test("connectionEntry() finds nothing in a runtime that has not got it", () => {
  const key = Symbol("internal");
  assertEquals(connectionEntry({}), undefined);
  assertEquals(connectionEntry({ internal: "x" }), undefined);
  assertEquals(connectionEntry({ internal: key }), undefined);
  assertEquals(connectionEntry({ internal: key, [key]: {} }), undefined);
  assert(connectionEntry());
});

const LOST: readonly { readonly conf: ListenerConf; readonly message: string }[] = [
  {
    conf: { Kind: "serve", HeaderTimeout: 1 },
    message:
      "Cannot listen: Listener.Kind serve cannot hold HeaderTimeout; use Kind connection or node, or leave it out",
  },
  {
    conf: { Kind: "serve", MaxHeaders: 10, IdleTimeout: 5 },
    message:
      "Cannot listen: Listener.Kind serve cannot hold MaxHeaders, IdleTimeout; use Kind node, or leave it out",
  },
  {
    conf: { Kind: "connection", MinBodyRate: 1 },
    message:
      "Cannot listen: Listener.Kind connection cannot hold MinBodyRate; use Kind node, or leave it out",
  },
];

for (const { conf, message } of LOST) {
  Deno.test(`limitsOf() refuses ${JSON.stringify(conf)}`, () => {
    assertThrows(() => limitsOf(conf), ServiceError, message);
  });
}

Deno.test("limitsOf() has a default for what is not set, and none for what is", () => {
  const limits = limitsOf({ Kind: "node", MaxHeaders: 5, IdleTimeout: 0 });
  assertEquals([limits.MaxHeaders, limits.IdleTimeout, limits.HeaderTimeout], [5, 0, 10_000]);
});

for (const [key, value] of [["Kind", "tcp"], ["HeaderTimeout", -1], ["MaxHeaders", 0]] as const) {
  Deno.test(`listenerConfig refuses ${key}: ${value}`, () => {
    assertThrows(() => listenerConfig.parse({ [key]: value }), Error, key);
  });
}
