import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ServiceError } from "../../core/errors.ts";
import { int, string } from "../../core/schema/builders.ts";
import { object } from "../../core/schema/object.ts";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import type { RestConfInput } from "../config.ts";
import type { Handler } from "../handler.ts";
import { json } from "../response/json.ts";
import { respond } from "../response/respond.ts";
import { sse } from "../response/sse.ts";
import { Server } from "../server.ts";
import { maskQuery } from "./access_log.ts";

const SECRET = "s3cr3t-value";
const down = () => Promise.reject(new ServiceError("unavailable", "Cannot answer: down"));

/** The lines that one request leaves. */
async function linesOf(
  handler: Handler,
  init: RequestInit,
  { verbose = false, path = "/x" } = {},
): Promise<string[]> {
  const log = new MemoryLog();
  const config = { Name: "log", Host: "127.0.0.1", Port: 0, Verbose: verbose };
  await using server = new Server(config, { log, healthPath: false });
  server.addRoutes([{ method: init.method ?? "GET", path: "/x", handler }]);
  await server.start();
  const response = await fetch(`http://127.0.0.1:${server.address.port}${path}`, init);
  await response.text();
  await server.stop();
  return log.contents().map(String).filter((line) => line.startsWith("[HTTP]"));
}

const post = (body: BodyInit, type = "application/json", more: HeadersInit = {}): RequestInit => ({
  method: "POST",
  headers: { "content-type": type, "user-agent": "test", ...more },
  body,
});

const failing: { name: string; handler: Handler; init: RequestInit; shows: RegExp }[] = [
  {
    name: "the body that was bound",
    handler: async (_request, context) => {
      await context.bind(object({ a: int() }));
      return await down();
    },
    init: post('{"a":1}'),
    shows: /^POST \/x$[^]*^content-type: application\/json$[^]*\n\n\{"a":1\}$/m,
  },
  {
    name: "the body that was read as JSON",
    handler: async (request) => await request.json() && await down(),
    init: post('{"a":1}'),
    shows: /\n\n\{"a":1\}$/,
  },
  {
    name: "the body that was read as bytes",
    handler: async (request) => await request.bytes() && await down(),
    init: post("plain", "text/plain"),
    shows: /\n\nplain$/,
  },
  {
    name: "the body that was read as a buffer",
    handler: async (request) => await request.arrayBuffer() && await down(),
    init: post("plain", "text/plain"),
    shows: /\n\nplain$/,
  },
  {
    name: "the body that came in pieces",
    handler: async (request) => await request.text() === "onetwo" ? await down() : json(1),
    init: post(ReadableStream.from(["one", "two"]).pipeThrough(new TextEncoderStream()), "text/a"),
    shows: /\n\nonetwo$/,
  },
  {
    name: "1024 bytes of the body, and no half character",
    handler: async (request) => await request.text() && await down(),
    init: post("x" + "é".repeat(3000), "text/plain"),
    shows: /\n\nxé{511}$/,
  },
  {
    name: "no body that was not read",
    handler: down,
    init: post('{"a":1}'),
    shows: /\nuser-agent: test$/,
  },
  {
    name: "no body that is binary",
    handler: async (request) => await request.bytes() && await down(),
    init: post("bytes", "image/png"),
    shows: /\nuser-agent: test$/,
  },
  {
    name: "no body that is compressed",
    handler: async (request) => await request.text() === "hi" ? await down() : json(1),
    init: post(
      new Blob(["hi"]).stream().pipeThrough(new CompressionStream("gzip")),
      "text/plain",
      { "content-encoding": "gzip" },
    ),
    shows: /\ncontent-encoding: gzip\n(?:.+\n)*user-agent: test$/,
  },
  {
    name: "secrets masked",
    handler: async (request) => await request.text() && await down(),
    init: post(
      JSON.stringify({ password: SECRET, user: { name: "ada", apiKey: [SECRET] }, last: 1 }),
      "application/json",
      { authorization: `Bearer ${SECRET}`, cookie: `id=${SECRET}`, "x-api-key": SECRET },
    ),
    shows:
      /\ncookie: \*\*\*\n[^]*\{"password":"\*\*\*","user":\{"name":"ada","apiKey":"\*\*\*"\},"last":1\}$/,
  },
];
for (const { name, handler, init, shows } of failing) {
  Deno.test(`accessLog() shows of a request that failed ${name}`, async () => {
    const lines = await linesOf(handler, init);
    assertEquals(lines.length, 1);
    assertMatch(lines[0]!, /^\[HTTP\] 503 - POST \/x - 127\.0\.0\.1:\d+ - test\nPOST \/x\n/);
    assertMatch(lines[0]!, shows);
    assert(!lines[0]!.includes(SECRET), lines[0]);
  });
}

Deno.test("accessLog() shows one line of a request that did not fail", async () => {
  const lines = await linesOf(() => json(1, { status: 404 }), post("{}"));
  assertEquals(lines.length, 1);
  assertMatch(lines[0]!, /^\[HTTP\] 404 - POST \/x - 127\.0\.0\.1:\d+ - test$/);
});

const detailed: { name: string; handler: Handler; init: RequestInit; shows: RegExp }[] = [
  {
    name: "request and answer",
    handler: async (_request, context) =>
      respond(context, { echo: (await context.bind(object({ a: string() }))).a }),
    init: post('{"a":"b"}'),
    shows: /\n\n\{"a":"b"\}\n<= \{"echo":"b"\}$/,
  },
  {
    name: "a request without a body, and text",
    handler: () => new Response("hello"),
    init: {},
    shows: /^\[HTTP\] GET - 200 - 127\.0\.0\.1:\d+ - \d+\.\dms\n=> GET \/x\n(?:.+\n)+<= hello$/,
  },
  {
    name: "a body that was read as a stream",
    handler: (request) => new Response(request.body, { headers: { "content-type": "image/png" } }),
    init: post("streamed", "text/plain"),
    shows: /\n\nstreamed\n<= $/,
  },
  {
    name: "4096 bytes of each",
    handler: async (request) => new Response(await request.text()),
    init: post("x".repeat(5000), "text/plain"),
    shows: /\n\nx{4096}\n<= x{4096}$/,
  },
  {
    name: "errors as such",
    handler: down,
    init: {},
    shows: /^\[HTTP\] GET - 503 [^]*<= \{.*"code":"unavailable"/,
  },
  {
    name: "secrets masked",
    handler: async (request) => (await request.text(), json({ accessToken: SECRET, id: 7 })),
    init: post(`{"secret":"${SECRET}"}`, "application/json", { authorization: SECRET }),
    shows:
      /\nauthorization: \*\*\*\n[^]*\n\{"secret":"\*\*\*"\}\n<= \{"accessToken":"\*\*\*","id":7\}$/,
  },
  {
    name: "nothing of events",
    handler: (_request, context) => sse(context, [{ tick: 1 }]),
    init: {},
    shows: /\n<= $/,
  },
  {
    name: "an answer without a body",
    handler: () => new Response(null, { status: 204 }),
    init: {},
    shows: /- 204 [^]*\n<= $/,
  },
];
for (const { name, handler, init, shows } of detailed) {
  Deno.test(`accessLog({ verbose: true }) shows ${name}`, async () => {
    const lines = await linesOf(handler, init, { verbose: true });
    assertEquals(lines.length, 1);
    assertMatch(lines[0]!, shows);
    assert(!lines[0]!.includes(SECRET), lines[0]);
  });
}

Deno.test("accessLog({ verbose: true }) holds no stream back", async () => {
  const log = new MemoryLog();
  const config = { Name: "log", Host: "127.0.0.1", Port: 0, Verbose: true };
  await using server = new Server(config, { log });
  const second = Promise.withResolvers<void>();
  server.get("/", () =>
    new Response(
      ReadableStream.from((async function* () {
        yield "one ";
        await second.promise;
        yield "two";
      })()).pipeThrough(new TextEncoderStream()),
      { headers: { "content-type": "text/plain" } },
    ));
  await server.start();
  const response = await fetch(`http://127.0.0.1:${server.address.port}/`);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  assertEquals((await reader.read()).value, "one ");
  second.resolve();
  assertEquals((await reader.read()).value, "two");
  await reader.read();
  await server.stop();
  assertMatch(log.contents().map(String).join("\n"), /<= one two$/m);
});

for (const Kind of ["serve", "node", "connection"] as const) {
  for (const Verbose of [false, true]) {
    Deno.test(`accessLog() leaves requests of the ${Kind} listener as they are, verbose: ${Verbose}`, async () => {
      const log = new MemoryLog();
      const config: RestConfInput = {
        Name: "log",
        Host: "127.0.0.1",
        Port: 0,
        Verbose,
        Listener: { Kind },
      };
      await using server = new Server(config, { log });
      server.post("/text", async (request) => new Response(await request.text(), { status: 500 }));
      server.post("/body", (request) => new Response(request.body, { status: 500 }));
      await server.start();
      const url = `http://127.0.0.1:${server.address.port}`;
      for (const path of ["/text?a=1&token=2", "/body?a=1"]) {
        for (const body of ["hello", ReadableStream.from([new TextEncoder().encode("hello")])]) {
          const response = await fetch(url + path, {
            method: "POST",
            body,
            headers: { "content-type": "text/plain" },
          });
          assertEquals(await response.text(), "hello");
        }
      }
      await server.stop();
      const lines = log.contents("error").map(String).filter((line) => line.startsWith("[HTTP]"));
      assertEquals(lines.length, 4);
      for (const line of lines.slice(0, 2)) {
        assertStringIncludes(
          line,
          "\nPOST /text?a=1&token=***\n".replace("\n", Verbose ? "=> " : "\n"),
        );
        assertStringIncludes(line, "\n\nhello");
      }
    });
  }
}

Deno.test("accessLog() tells of slow requests a second time", async () => {
  const clock = new FakeClock();
  for (const Verbose of [false, true]) {
    const log = new MemoryLog();
    await using server = new Server({ Name: "log", Port: 0, Verbose }, { clock, log });
    server.get("/", async () => {
      await clock.sleep(1000);
      return json(1);
    });
    const answer = server.fetch(new Request("http://localhost/"));
    await clock.advance(1000);
    await (await answer).text();
    const shown = log.contents("slow").map(String);
    assertEquals(shown.length, 1);
    assertStringIncludes(shown[0]!, "slowcall(1000.0ms)");
  }
});

Deno.test("accessLog() lets a handler look at the body before it reads it", async () => {
  const lines = await linesOf(
    async (request) => {
      assertEquals([request.body === request.body, request.bodyUsed], [true, false]);
      const text = await request.text();
      assertEquals([text, request.bodyUsed], ["looked", true]);
      return new Response("in");
    },
    post("looked", "text/plain"),
    { verbose: true },
  );
  assertMatch(lines[0]!, /- 200 -[^]*\n\nlooked\n<= in$/);
});

const queries: [from: string, to: string][] = [
  ["/a", "/a"],
  ["/a?b=1", "/a?b=1"],
  ["/a?token=1&b=2", "/a?token=***&b=2"],
  ["/a?access_token=1&password=2&key=3", "/a?access_token=***&password=***&key=***"],
  ["/a?keyboard=1&token", "/a?keyboard=1&token"],
];
for (const [from, to] of queries) {
  Deno.test(`maskQuery() makes ${to}`, () => assertEquals(maskQuery(from), to));
}
