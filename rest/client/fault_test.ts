import { assert, assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "../../core/errors.ts";
import { int } from "../../core/schema/builders.ts";
import { object } from "../../core/schema/object.ts";
import { BadResponseError, HttpError, NetworkError } from "./errors.ts";
import { type FaultConnection, FaultServer, reply } from "./_fault_server_test.ts";
import { HttpClient } from "./http_client.ts";

const read = { method: "GET", path: "/x", response: object({ n: int() }) };
const json = (body: string) => reply(200, body, "content-type: application/json\r\n");

interface Fault {
  readonly name: string;
  readonly handle: (connection: FaultConnection) => Promise<void> | void;
  /** Name of the error. */
  readonly error: string;
  readonly text: string;
  /** Attempts made with `retry: { attempts: 2 }`. */
  readonly attempts: number;
}

const hangs = ({ gone }: FaultConnection) => gone;

const faults: Fault[] = [
  {
    name: "never answers",
    handle: hangs,
    error: "DeadlineExceededError",
    text: "time of 200 ms is up",
    attempts: 1,
  },
  {
    name: "sends headers too slowly",
    handle: async ({ write, gone }) => {
      await write("HTTP/1.1 200 OK\r\ncontent-");
      await gone;
    },
    error: "DeadlineExceededError",
    text: "time of 200 ms is up",
    attempts: 1,
  },
  {
    name: "stalls in the middle of the body",
    handle: async ({ write, gone }) => {
      await write(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{",
      );
      await gone;
    },
    error: "DeadlineExceededError",
    text: "time of 200 ms is up",
    attempts: 1,
  },
  {
    name: "closes without an answer",
    handle: ({ close }) => close(),
    error: "NetworkError",
    text: "closed the connection without an answer",
    attempts: 2,
  },
  {
    name: "breaks off in the middle of a body of known length",
    handle: async ({ write, close }) => {
      await write(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{",
      );
      close();
    },
    error: "NetworkError",
    text: "broke in the middle of the answer",
    attempts: 2,
  },
  {
    name: "breaks off in the middle of a chunked body",
    handle: async ({ write, close }) => {
      await write(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n",
      );
      close();
    },
    error: "NetworkError",
    text: "broke in the middle of the answer",
    attempts: 2,
  },
  {
    name: "does not speak HTTP",
    handle: async ({ write, close }) => {
      await write("220 mail ready\r\n\r\n");
      close();
    },
    error: "NetworkError",
    text: "does not answer in HTTP",
    attempts: 2,
  },
  {
    name: "answers with half of a JSON document",
    handle: ({ write }) => write(json('{"n":')),
    error: "BadResponseError",
    text: "not valid JSON",
    attempts: 1,
  },
  {
    name: "declares a body that is too large",
    handle: ({ write }) => write(json(`{"n":${" ".repeat(2_000)}1}`)),
    error: "BadResponseError",
    text: "larger than 1000 bytes",
    attempts: 1,
  },
  {
    name: "sends a chunked body that is too large",
    handle: async ({ write, gone }) => {
      const chunk = `400\r\n${" ".repeat(1_024)}\r\n`;
      const type = "content-type: application/json\r\ntransfer-encoding: chunked";
      await write(`HTTP/1.1 200 OK\r\n${type}\r\n\r\n${chunk.repeat(4)}`);
      await gone; // It would go on: the client has to end it.
    },
    error: "BadResponseError",
    text: "larger than 1000 bytes",
    attempts: 1,
  },
  {
    name: "is overloaded",
    handle: ({ write }) => write(reply(503, "")),
    error: "HttpError",
    text: "it answered 503",
    attempts: 2,
  },
  {
    name: "asks to wait for longer than there is time",
    handle: ({ write }) => write(reply(503, "", "retry-after: 60\r\n")),
    error: "HttpError",
    text: "it answered 503",
    attempts: 1,
  },
  {
    name: "asks not to be called again",
    handle: ({ write }) => write(reply(503, "", "grpc-retry-pushback-ms: -1\r\n")),
    error: "HttpError",
    text: "it answered 503",
    attempts: 1,
  },
];

for (const { name, handle, error, text, attempts } of faults) {
  Deno.test(`HttpClient.call() ends when the server ${name}`, async () => {
    await using server = new FaultServer(handle);
    let made = 0; // Not what the server counts: of a GET the runtime makes two when a connection breaks.
    await using client = new HttpClient({
      baseUrl: server.url,
      metrics: false,
      timeoutMs: 200,
      maxResponseBytes: 1_000,
      retry: { attempts: 2, baseMs: 1 },
      interceptors: [(request, next) => {
        made++;
        return next(request);
      }],
    });
    const query = { ...read, path: "/x?token=secret" };
    const failure = await assertRejects(() => client.call(query, undefined), Error, text);
    assertEquals(failure.name, error);
    assertEquals(made, attempts);
    assert(!Deno.inspect(failure, { depth: 9 }).includes("secret"), Deno.inspect(failure));
  });
}

Deno.test("HttpClient.call() tells what was never sent from what was", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const baseUrl = `http://127.0.0.1:${listener.addr.port}`;
  listener.close();
  await using client = new HttpClient({ baseUrl, metrics: false, retry: { baseMs: 1 } });
  const post = { method: "POST", path: "/x" };
  const error = await assertRejects(() => client.call(post, undefined), NetworkError, "refused");
  assertEquals([error.sent, error.code], [false, "unavailable"]);
  // Nothing was sent, so even a POST was tried again.
  assertEquals(client.explain()[0]?.failed, 3);
});

const bodies: { name: string; body?: BodyInit }[] = [
  { name: "without a body" },
  { name: "with text", body: "a" },
  { name: "with bytes", body: new Uint8Array(3) },
  { name: "with a form", body: new URLSearchParams({ a: "1" }) },
  { name: "with a multipart form", body: new FormData() },
];
for (const { name, body } of bodies) {
  Deno.test(`HttpClient.post() sends a request ${name} once, whatever becomes of it`, async () => {
    await using server = new FaultServer(({ close }) => close());
    const baseUrl = server.url;
    await using client = new HttpClient({ baseUrl, metrics: false, retry: { baseMs: 1 } });
    const error = await assertRejects(() => client.post("/x", { body }), NetworkError);
    assertEquals([error.sent, server.heads.length], [true, 1]);
    await assertRejects(() => client.post("/x", { body, idempotent: true }), NetworkError);
    assert(server.heads.length >= 4);
  });
}

Deno.test("HttpClient.get() closes the connection of a body that nobody reads, once time is up", async () => {
  const gone = Promise.withResolvers<void>();
  await using server = new FaultServer(async (connection) => {
    await connection.write("HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n" + "x".repeat(100));
    await connection.gone;
    gone.resolve();
  });
  await using client = new HttpClient({
    baseUrl: server.url,
    metrics: false,
    timeoutMs: 100,
    maxResponseBytes: Infinity,
  });
  const response = await client.get("/big");
  assertEquals(response.status, 200);
  await assertRejects(() => response.text());
  await gone.promise;
});

Deno.test("HttpClient.get() closes the connection when a body is left in the middle", async () => {
  const gone = Promise.withResolvers<void>();
  await using server = new FaultServer(async ({ write, gone: left }) => {
    await write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n");
    left.then(gone.resolve);
  });
  await using client = new HttpClient({ baseUrl: server.url, metrics: false, timeoutMs: 60_000 });
  const response = await client.get("/stream");
  for await (const chunk of response.body!) {
    assertEquals(new TextDecoder().decode(chunk), "abc");
    break;
  }
  await gone.promise;
});

Deno.test("HttpClient.call() ends at once when its signal is aborted, before and during the answer", async () => {
  await using server = new FaultServer(hangs);
  await using client = new HttpClient({ baseUrl: server.url, metrics: false });
  const reason = new Error("not needed any more");
  const early = await assertRejects(() =>
    client.call(read, undefined, { signal: AbortSignal.abort(reason) })
  );
  assertEquals([early, server.heads.length], [reason, 0]);
  const controller = new AbortController();
  const pending = client.call(read, undefined, { signal: controller.signal });
  while (server.heads.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  controller.abort(reason);
  assertEquals(await assertRejects(() => pending), reason);
  // The caller's own wish says nothing about the callee.
  assertEquals(client.explain()[0]?.failed, 0);
});

Deno.test("HttpClient.call() reuses its connections", async () => {
  let connections = 0;
  const known = new WeakSet<Promise<void>>();
  await using server = new FaultServer(({ write, gone }) => {
    if (!known.has(gone)) connections++;
    known.add(gone);
    return write(json('{"n":1}'));
  });
  await using client = new HttpClient({ baseUrl: server.url, metrics: false });
  const unread = { method: "GET", path: "/x" };
  for (let call = 0; call < 10; call++) {
    await client.call(read);
    await client.call(unread);
  }
  assertEquals([connections, server.heads.length], [1, 20]);
});

Deno.test("HttpClient.call() inflates no bomb: what counts is what comes out", async () => {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async () => {
    const stream = new Blob(["x".repeat(1_000_000)]).stream()
      .pipeThrough(new CompressionStream("gzip"));
    const bytes = await new Response(stream).bytes();
    return new Response(bytes, {
      headers: { "content-encoding": "gzip", "content-type": "application/json" },
    });
  });
  await using client = new HttpClient({
    baseUrl: `http://127.0.0.1:${server.addr.port}`,
    metrics: false,
    maxResponseBytes: 10_000,
  });
  await assertRejects(() => client.call(read, undefined), BadResponseError, "larger than 10000");
  await client[Symbol.asyncDispose]();
  await server.shutdown();
});

Deno.test("HttpClient.get() cuts the body of an error, and keeps it out of the message", async () => {
  await using server = new FaultServer(({ write }) => write(reply(400, "s".repeat(100_000))));
  await using client = new HttpClient({ baseUrl: server.url, metrics: false });
  const error = await assertRejects(() => client.get("/x"), HttpError);
  assertEquals([error.body.length, error.message.length < 100], [65_536, true]);
  assertEquals(error instanceof ServiceError && error.code, "invalid_argument");
});
