/** Tests of a server that listens, over real sockets; time is virtual. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { currentDeadline } from "../core/timeout/ambient_deadline.ts";
import { FakeClock } from "../core/testing/fake_clock.ts";
import { MemoryLog } from "../core/testing/memory_log.ts";
import { object } from "../core/schema/object.ts";
import { string } from "../core/schema/builders.ts";
import type { Context } from "./context.ts";
import type { Handler } from "./handler.ts";
import { json } from "./response/json.ts";
import { ServerSentEvent, sse } from "./response/sse.ts";
import type { RouteOptions } from "./route.ts";
import { Server } from "./server.ts";

class Running implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly log = new MemoryLog();
  readonly server: Server;

  private constructor() {
    const config = { Name: "test", Host: "127.0.0.1", Port: 0, MaxBytes: 1024 };
    this.server = new Server(config, { log: this.log, clock: this.clock });
  }

  static async with(method: string, handler: Handler, route: RouteOptions = {}): Promise<Running> {
    const running = new Running();
    running.server.addRoutes([{ ...route, method, path: "/", handler }]);
    running.server.get("/alive", () => json("yes"));
    await running.server.start();
    return running;
  }

  get url(): string {
    return `http://127.0.0.1:${this.server.address.port}`;
  }

  /** Sends raw bytes and reads what comes back, until the other side is done or `enough` says so. */
  async raw(text: string, enough: (answer: string) => boolean = () => false): Promise<string> {
    using connection = await Deno.connect({
      hostname: "127.0.0.1",
      port: this.server.address.port,
    });
    await connection.write(new TextEncoder().encode(text));
    const decoder = new TextDecoder();
    const buffer = new Uint8Array(64 * 1024);
    let answer = "";
    while (!enough(answer)) {
      const count = await connection.read(buffer);
      if (count === null) break;
      answer += decoder.decode(buffer.subarray(0, count), { stream: true });
    }
    return answer;
  }

  async assertAlive(): Promise<void> {
    assertEquals(await (await fetch(this.url + "/alive")).json(), "yes");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.stop();
  }
}

const answered = (answer: string) => answer.includes("\r\n\r\n") && answer.endsWith("}");

const readAll: Handler = async (request) => json((await request.text()).length);

Deno.test("a declared body over the limit is refused unread with 413", async () => {
  await using running = await Running.with("POST", readAll);
  const response = await fetch(running.url, { method: "POST", body: "x".repeat(1025) });
  assertEquals(response.status, 413);
  assertEquals((await response.json()).detail, "Cannot read body: it is larger than 1024 bytes");
  await running.assertAlive();
});

Deno.test("a body of just the limit passes, declared or chunked", async () => {
  await using running = await Running.with("POST", readAll);
  const body = "x".repeat(1024);
  assertEquals(await (await fetch(running.url, { method: "POST", body })).json(), 1024);
  const stream = new Blob([body]).stream();
  assertEquals(await (await fetch(running.url, { method: "POST", body: stream })).json(), 1024);
});

for (const bytes of [1025, 300_000]) {
  Deno.test(`a chunked body of ${bytes} bytes is refused with 413`, async () => {
    await using running = await Running.with("POST", readAll);
    const chunk = `${bytes.toString(16)}\r\n${"x".repeat(bytes)}\r\n0\r\n\r\n`;
    const head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    assertMatch(await running.raw(head + chunk, answered), /^HTTP\/1.1 413 /);
    await running.assertAlive();
  });
}

Deno.test("a handler that takes too long is answered with 504 and its signal aborted", async () => {
  const aborted = Promise.withResolvers<unknown>();
  const entered = Promise.withResolvers<void>();
  await using running = await Running.with("GET", (_request, context) => {
    context.signal.addEventListener("abort", () => aborted.resolve(context.signal.reason));
    entered.resolve();
    return new Promise(() => {}); // Never settles.
  });
  const asked = fetch(running.url);
  await entered.promise;
  await running.clock.advance(3_020);
  const response = await asked;
  assertEquals(response.status, 504);
  assertEquals((await response.json()).detail, "Cannot answer in time: the limit is 3000 ms");
  assertEquals((await aborted.promise as DOMException).name, "TimeoutError");
  await running.assertAlive();
});

const stalled = "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" +
  'Content-Length: 100\r\n\r\n{"na';

Deno.test({
  name: "a client that does not send its body is answered with 408",
  // The runtime never ends the read of a body that does not come.
  sanitizeOps: false,
  fn: async () => {
    const entered = Promise.withResolvers<void>();
    const schema = object({ name: string() });
    await using running = await Running.with("POST", (_request, context) => {
      entered.resolve();
      return context.bind(schema).then(json);
    });
    const answer = running.raw(stalled, answered);
    await entered.promise;
    await running.clock.advance(3_020);
    assertMatch(await answer, /^HTTP\/1.1 408 /);
    await running.assertAlive();
  },
});

Deno.test("a late answer is let go of, streams and all", async () => {
  const cancelled = Promise.withResolvers<void>();
  const late = Promise.withResolvers<Response>();
  const entered = Promise.withResolvers<void>();
  await using running = await Running.with("GET", () => {
    entered.resolve();
    return late.promise;
  });
  const asked = fetch(running.url);
  await entered.promise;
  await running.clock.advance(3_020);
  assertEquals((await asked).status, 504);
  await (await asked).body?.cancel();
  late.resolve(new Response(new ReadableStream({ cancel: () => cancelled.resolve() })));
  await cancelled.promise;
});

Deno.test("a forgotten rejection and a throw in a timer leave the process alive", async () => {
  await using running = await Running.with("GET", () => {
    Promise.reject(new Error("forgotten"));
    queueMicrotask(() => {
      throw new Error("thrown later");
    });
    return json("answered");
  });
  assertEquals(await (await fetch(running.url)).json(), "answered");
  await running.assertAlive();
  const lines = running.log.lines.filter((line) => line.includes("Cannot go unhandled"));
  assertEquals(lines.length, 2);
});

Deno.test("an error in the middle of a stream cuts the answer and nothing else", async () => {
  await using running = await Running.with("GET", () => {
    const chunks = (function* () {
      yield new TextEncoder().encode("some");
      throw new Error("broken source");
    })();
    return new Response(ReadableStream.from(chunks));
  });
  const response = await fetch(running.url);
  assertEquals(await response.text().catch(() => "cut"), "cut");
  await running.assertAlive();
});

for (const when of ["goes away", "has gone before anybody looks"]) {
  Deno.test(`a watched request is aborted when its client ${when}`, async () => {
    const entered = Promise.withResolvers<void>();
    const aborted = Promise.withResolvers<void>();
    const handler: Handler = (_request, context) => {
      entered.resolve();
      return new Promise((_resolve, reject) => {
        context.signal.addEventListener("abort", () => {
          aborted.resolve();
          reject(context.signal.reason);
        });
      });
    };
    await using running = await Running.with("GET", handler, { watchDisconnect: true });
    const client = new AbortController();
    const asked = fetch(running.url, { signal: client.signal }).catch((error) => error.name);
    await entered.promise;
    if (when === "goes away") await running.clock.advance(50);
    client.abort();
    assertEquals(await asked, "AbortError");
    await running.clock.advance(50);
    await aborted.promise;
    await running.assertAlive();
  });
}

Deno.test("a client that goes away ends the calls of its handler, which follow the current deadline", async () => {
  const entered = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<string>();
  const handler: Handler = async () => {
    const { signal } = currentDeadline()!;
    entered.resolve();
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    ended.resolve(signal.reason.name);
    throw signal.reason;
  };
  await using running = await Running.with("GET", handler, { watchDisconnect: true });
  const client = new AbortController();
  const asked = fetch(running.url, { signal: client.signal }).catch((error) => error.name);
  await entered.promise;
  await running.clock.advance(50);
  client.abort();
  assertEquals([await asked, await ended.promise], ["AbortError", "AbortError"]);
});

Deno.test("a watched request that is quick leaves its signal alone", async () => {
  let watched: Context | undefined;
  const handler: Handler = (_request, context) => {
    watched = context;
    return new Response("quick");
  };
  await using running = await Running.with("GET", handler, { watchDisconnect: true });
  assertEquals(await (await fetch(running.url)).text(), "quick");
  await running.clock.advance(50);
  assertEquals(watched?.aborted, false);
});

Deno.test("sse() sends events, beats, and ends with its source", async () => {
  const more = Promise.withResolvers<void>();
  await using running = await Running.with("GET", (_request, context) =>
    sse(
      context,
      (async function* () {
        yield { n: 1 };
        await more.promise;
        yield new ServerSentEvent("two\nlines", { event: "note", id: "7", retryMs: 50 });
      })(),
    ));
  const response = await fetch(running.url);
  assertEquals(response.headers.get("content-type"), "text/event-stream");
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  assertEquals((await reader.read()).value, 'data: {"n":1}\n\n');
  await running.clock.advance(15_000);
  assertEquals((await reader.read()).value, ": keep-alive\n\n");
  more.resolve();
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) rest += part.value;
  assertEquals(rest, "event: note\nid: 7\nretry: 50\ndata: two\ndata: lines\n\n");
});

Deno.test("sse() returns its source when the client goes away, and when the server stops", async () => {
  const returned = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let streams = 0;
  const running = await Running.with("GET", (_request, context) => {
    const { resolve } = returned[streams++]!;
    return sse(context, {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<IteratorResult<unknown>>(() => {}),
        return: () => {
          resolve();
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    });
  });
  const first = await fetch(running.url);
  await first.body!.cancel();
  await returned[0]!.promise;
  const second = await fetch(running.url);
  await running.server.stop();
  await returned[1]!.promise;
  assertEquals(await second.text(), "");
});

Deno.test("sse() hides what went wrong in its source", async () => {
  await using running = await Running.with("GET", (_request, context) =>
    sse(
      context,
      (function* () {
        yield 1;
        throw new Error("hunter2");
      })(),
    ));
  assertEquals(await (await fetch(running.url)).text(), "data: 1\n\nevent: error\ndata: {}\n\n");
  assert(running.log.lines.some((line) => line.includes("hunter2")));
});

Deno.test("stop() answers what is in flight and refuses what is not", async () => {
  const entered = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const running = await Running.with("GET", async () => {
    entered.resolve();
    await release.promise;
    return json("done");
  });
  const { url } = running;
  const asked = fetch(url);
  await entered.promise;
  const stopped = running.server.stop();
  assertEquals(await fetch(url).then(() => "answered", () => "refused"), "refused");
  release.resolve();
  assertEquals(await (await asked).json(), "done");
  await stopped;
});

Deno.test("stop() aborts what does not end, and ends itself", async () => {
  const entered = Promise.withResolvers<void>();
  let reason: unknown;
  const running = await Running.with("GET", (_request, context) => {
    context.signal.addEventListener("abort", () => reason = context.signal.reason);
    entered.resolve();
    return new Promise((resolve) => {
      context.signal.addEventListener("abort", () => resolve(json("aborted")));
    });
  }, { timeoutMs: 0 });
  const asked = fetch(running.url);
  await entered.promise;
  const stopped = running.server.stop();
  await running.clock.advance(4_000);
  assertEquals(await (await asked).json(), "aborted");
  await stopped;
  assertEquals((reason as DOMException).message, "The server is stopping");
});

Deno.test("the access log has one line for each request, masked and with its trace", async () => {
  await using running = await Running.with("GET", () => json("ok"));
  const headers = {
    "user-agent": "probe/1",
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  };
  await (await fetch(running.url + "/?page=2&access_token=hunter2", { headers })).body?.cancel();
  await (await fetch(running.url + "/nowhere")).body?.cancel();
  await running.assertAlive();
  const lines = running.log.lines.filter((line) => line.includes("[HTTP]"));
  assertEquals(lines.length >= 2, true);
  const first = JSON.parse(lines[0]!);
  assertMatch(
    first.content,
    /^\[HTTP\] 200 - GET \/\?page=2&access_token=\*\*\* - 127\.0\.0\.1:\d+ - probe\/1$/,
  );
  assertEquals([first.trace, first.level], ["4bf92f3577b34da6a3ce929d0e0e4736", "info"]);
  assertMatch(first.duration, /^\d+\.\dms$/);
  assertMatch(lines[1]!, /\[HTTP\] 404 - GET \/nowhere/);
});

Deno.test("a request that was slow is logged a second time", async () => {
  const entered = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  await using running = await Running.with("GET", async () => {
    entered.resolve();
    await release.promise;
    return json("ok");
  });
  const asked = fetch(running.url);
  await entered.promise;
  await running.clock.advance(600);
  release.resolve();
  await (await asked).body?.cancel();
  await running.assertAlive();
  assertEquals(running.log.lines.filter((line) => line.includes("slowcall(600.0ms)")).length, 1);
});
