import { assert, assertEquals, assertRejects } from "@std/assert";
import { int } from "../../core/schema/builders.ts";
import { object } from "../../core/schema/object.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { ServerSentEvent, sse } from "../response/sse.ts";
import { Server } from "../server.ts";
import { FaultServer } from "./_fault_server_test.ts";
import { BadResponseError, HttpError } from "./errors.ts";
import { HttpClient } from "./http_client.ts";

const ticks = { method: "GET", path: "/ticks", response: object({ n: int() }) };
const EVENTS =
  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
const LINES =
  "HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n";

function chunk(text: string): string {
  return `${new TextEncoder().encode(text).length.toString(16)}\r\n${text}\r\n`;
}

function lastEventId(head: string): string {
  return /last-event-id: (\S+)/.exec(head)?.[1] ?? "";
}

Deno.test("HttpClient.events() reads what a server of this project sends, and ends its work", async () => {
  await using server = new Server({ Name: "ticks", Port: 0 }, { log: new MemoryLog() });
  const ended = Promise.withResolvers<void>();
  server.get("/ticks", (_request, context) =>
    sse(
      context,
      (async function* () {
        try {
          for (let n = 1;; n++) {
            yield new ServerSentEvent({ n }, { id: `id${n}`, event: "tick" });
          }
        } finally {
          ended.resolve();
        }
      })(),
    ));
  await server.start();
  await using client = new HttpClient({
    baseUrl: `http://127.0.0.1:${server.address.port}`,
    metrics: false,
  });
  const seen = [];
  for await (const event of client.events(ticks, undefined)) {
    if (seen.push(event) === 3) break;
  }
  assertEquals(seen[2], { data: { n: 3 }, event: "tick", id: "id3" });
  await ended.promise;
});

Deno.test("HttpClient.events() connects anew after the last event, until the server says that it is over", async () => {
  await using server = new FaultServer(async ({ head, write, close }) => {
    const id = lastEventId(head);
    assert(head.includes("accept: text/event-stream"), head);
    if (id === "2") return await write("HTTP/1.1 204 No Content\r\n\r\n");
    const next = Number(id) + 1;
    await write(
      EVENTS + chunk(`retry: 1\n: hello\nid: ${next}\ndata: {"n":${next}}\n\ndata: {"n":`),
    );
    close(); // In the middle of an event, which is then lost and sent anew.
  });
  await using client = new HttpClient({ baseUrl: server.url, metrics: false });
  const seen = [];
  for await (const { data, id } of client.events(ticks, undefined)) seen.push([data.n, id]);
  assertEquals(seen, [[1, "1"], [2, "2"]]);
  assertEquals(server.heads.map(lastEventId), ["", "1", "2"]);
});

Deno.test("HttpClient.events() gives text where there is no schema, and begins where it is told", async () => {
  await using server = new FaultServer(({ write }) =>
    write(EVENTS + chunk("data: a\r\ndata: b\r\n\r\n") + "0\r\n\r\n")
  );
  await using client = new HttpClient({ baseUrl: server.url, metrics: false });
  const options = { lastEventId: "x7", maxReconnects: 0 };
  const seen = [];
  for await (const { data } of client.events({ method: "GET", path: "/" }, undefined, options)) {
    seen.push(data);
  }
  assertEquals([seen, server.heads.map(lastEventId)], [["a\nb"], ["x7"]]);
});

const fatal: { name: string; answer: string; text: string }[] = [
  { name: "a status", answer: "HTTP/1.1 404 X\r\ncontent-length: 0\r\n\r\n", text: "answered 404" },
  {
    name: "another type",
    answer: "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 0\r\n\r\n",
    text: "no stream of events",
  },
  { name: "data that does not fit", answer: EVENTS + chunk("data: {}\n\n"), text: "does not fit" },
  { name: "data that is no JSON", answer: EVENTS + chunk("data: {\n\n"), text: "not valid JSON" },
  {
    name: "an endless event",
    answer: EVENTS + chunk(`data: ${"x".repeat(2_000)}`),
    text: "longer than",
  },
];
for (const { name, answer, text } of fatal) {
  Deno.test(`HttpClient.events() ends with an error for ${name}, and connects once`, async () => {
    await using server = new FaultServer(({ write }) => write(answer));
    await using client = new HttpClient({
      baseUrl: server.url,
      metrics: false,
      maxResponseBytes: 1_000,
    });
    const read = async () => await Array.fromAsync(client.events(ticks, undefined));
    const error = await assertRejects(read, Error, text);
    assert(error instanceof HttpError || error instanceof BadResponseError);
    assertEquals(server.heads.length, 1);
  });
}

Deno.test("HttpClient.events() ends a connection on which nothing comes, and gives up when told to", async () => {
  await using server = new FaultServer(async ({ write, gone }) => {
    await write(EVENTS + chunk("retry: 1\n\n"));
    await gone;
  });
  await using client = new HttpClient({ baseUrl: server.url, metrics: false });
  const options = { idleTimeoutMs: 30, maxReconnects: 2 };
  const read = async () => await Array.fromAsync(client.events(ticks, undefined, options));
  await assertRejects(read, Error, "nothing has come for 30 ms");
  assertEquals(server.heads.length, 3);
});

Deno.test("HttpClient.events() ends when its signal is aborted, and when the client is closed", async () => {
  await using server = new FaultServer(async ({ write, gone }) => {
    await write(EVENTS + chunk('id: 1\ndata: {"n":1}\n\n'));
    await gone;
  });
  await using client = new HttpClient({ baseUrl: server.url, metrics: false });
  const controller = new AbortController();
  const reason = new Error("enough");
  const read = async (end: () => void, signal?: AbortSignal) => {
    for await (const _ of client.events(ticks, undefined, { signal })) end();
  };
  const error = await assertRejects(() => read(() => controller.abort(reason), controller.signal));
  assertEquals(error, reason);
  await assertRejects(() => read(() => void client[Symbol.asyncDispose]()), Error, "was closed");
});

Deno.test("HttpClient.lines() reads values as they come, across chunks, blank lines and CRLF", async () => {
  await using server = new FaultServer(async ({ write, close }) => {
    await write(LINES + chunk('{"n":1}\n{"n"'));
    await write(chunk(':2}\r\n\n{"n":3}') + "0\r\n\r\n");
    close();
  });
  await using client = new HttpClient({ baseUrl: server.url, metrics: false });
  const all = await Array.fromAsync(client.lines(ticks, undefined));
  assertEquals(all, [{ n: 1 }, { n: 2 }, { n: 3 }]);
});

const broken: { name: string; body: string; text: string; error: string }[] = [
  {
    name: "a connection that breaks",
    body: chunk('{"n":1}\n'),
    text: "broke in the middle",
    error: "NetworkError",
  },
  {
    name: "a value that does not fit",
    body: chunk('{"n":1}\n{}\n'),
    text: "does not fit",
    error: "BadResponseError",
  },
  {
    name: "a line without end",
    body: chunk(`{"n":1}\n${"x".repeat(2_000)}`),
    text: "longer",
    error: "BadResponseError",
  },
];
for (const { name, body, text, error } of broken) {
  Deno.test(`HttpClient.lines() gives what came before ${name}, then the error`, async () => {
    await using server = new FaultServer(async ({ write, close }) => {
      await write(LINES + body);
      close();
    });
    await using client = new HttpClient({
      baseUrl: server.url,
      metrics: false,
      maxResponseBytes: 1_000,
    });
    const seen: unknown[] = [];
    const failure = await assertRejects(
      async () => {
        for await (const value of client.lines(ticks, undefined)) seen.push(value);
      },
      Error,
      text,
    );
    assertEquals([failure.name, seen], [error, [{ n: 1 }]]);
  });
}

Deno.test("HttpClient.lines() closes the connection when the loop is left", async () => {
  const gone = Promise.withResolvers<void>();
  await using server = new FaultServer(async (connection) => {
    await connection.write(LINES + chunk('{"n":1}\n'));
    await connection.gone;
    gone.resolve();
  });
  await using client = new HttpClient({ baseUrl: server.url, metrics: false });
  for await (const value of client.lines(ticks, undefined)) {
    assertEquals(value, { n: 1 });
    break;
  }
  await gone.promise;
});
