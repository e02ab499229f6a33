/** Tests of answers that are sent while they are made: streams, NDJSON and events. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import type { Context } from "../context.ts";
import { Server } from "../server.ts";
import { EventChannel } from "./event_channel.ts";
import { lastEventId, ServerSentEvent, sse } from "./sse.ts";
import { ndjson, stream } from "./stream.ts";

class Asked implements AsyncDisposable {
  readonly log = new MemoryLog();
  readonly clock = new FakeClock();
  readonly server: Server;
  context: Context | undefined;

  constructor(answer: (context: Context, request: Request) => Response) {
    const options = { log: this.log, clock: this.clock };
    this.server = new Server({ Name: "test", Host: "127.0.0.1", Port: 0 }, options);
    this.server.get("/", (request, context) => answer(this.context = context, request));
  }

  async response(headers: HeadersInit = {}): Promise<Response> {
    return await this.server.fetch(new Request("http://localhost/", { headers }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.stop();
  }
}

async function* numbers(count: number): AsyncGenerator<string> {
  for (let n = 0; n < count; n++) yield await Promise.resolve(`${n}\n`);
}

const bytes = (text: string) => new TextEncoder().encode(text);

const sources: [
  what: string,
  chunks: () => Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  body: string,
][] = [
  ["an async generator", () => numbers(5), "0\n1\n2\n3\n4\n"],
  ["a list", () => ["a", bytes("bé"), "c"], "abéc"],
  ["a ReadableStream", () => ReadableStream.from(["x", "y"]), "xy"],
  ["empty chunks", () => ["", new Uint8Array(), "a", "", "b", ""], "ab"],
  ["nothing", () => [], ""],
];

for (const [what, chunks, body] of sources) {
  Deno.test(`stream() sends ${what}`, async () => {
    await using asked = new Asked((context) => stream(context, chunks(), { status: 206 }));
    const response = await asked.response();
    assertEquals([response.status, await response.text()], [206, body]);
  });
}

Deno.test("ndjson() sends a line of JSON for each item", async () => {
  await using asked = new Asked((context) => ndjson(context, [{ a: "x\ny" }, 1n, undefined]));
  const response = await asked.response();
  assertEquals(response.headers.get("content-type"), "application/x-ndjson");
  assertEquals(await response.text(), '{"a":"x\\ny"}\n1\nnull\n');
});

Deno.test("stream() takes items only as fast as they are read", async () => {
  let made = 0;
  await using asked = new Asked((context) =>
    stream(
      context,
      (function* () {
        while (true) yield `${made++}`;
      })(),
    )
  );
  const reader = (await asked.response()).body!.getReader();
  for (let n = 0; n < 5; n++) await reader.read();
  assert(made <= 7, `${made} items were made for 5`);
  await reader.cancel();
});

Deno.test("stream() whose client goes away aborts the work and returns the source", async () => {
  const returned = Promise.withResolvers<void>();
  let signal: AbortSignal | undefined;
  await using asked = new Asked((context) => {
    signal = context.signal;
    return stream(
      context,
      (function* () {
        try {
          while (true) yield "tick";
        } finally {
          returned.resolve();
        }
      })(),
    );
  });
  const reader = (await asked.response()).body!.getReader();
  await reader.read();
  await reader.cancel();
  await returned.promise;
  assertEquals(asked.context!.aborted, true);
  assertEquals(signal!.aborted, true);
});

Deno.test("stream() of a real client that hangs up aborts the work", async () => {
  const returned = Promise.withResolvers<void>();
  const more = Promise.withResolvers<void>();
  await using asked = new Asked((context) =>
    stream(
      context,
      (async function* () {
        try {
          yield "tick";
          await more.promise;
          while (true) yield "x".repeat(100_000);
        } finally {
          returned.resolve();
        }
      })(),
    )
  );
  await asked.server.start();
  const response = await fetch(`http://127.0.0.1:${asked.server.address.port}/`);
  await response.body!.cancel();
  more.resolve();
  await returned.promise;
});

Deno.test("stream() whose source fails is cut off, and the log says why", async () => {
  await using asked = new Asked((context) =>
    stream(
      context,
      (function* () {
        yield "some";
        throw new Error("broken source");
      })(),
    )
  );
  const response = await asked.response();
  await assertRejects(() => response.text(), Error, "broken source");
  assert(asked.log.lines.some((line) => line.includes("Cannot go on with stream")));
});

Deno.test("stream() logs a source that cannot be closed, thrown or rejected", async () => {
  for (const fail of [() => Promise.reject(new Error("stuck")), () => raise("stuck")]) {
    await using asked = new Asked((context) =>
      stream(context, {
        [Symbol.asyncIterator]: () => ({
          next: () => Promise.resolve({ done: false as const, value: "tick" }),
          return: fail,
        }),
      })
    );
    await (await asked.response()).body!.cancel();
    await asked.clock.advance(0);
    assert(asked.log.lines.some((line) => line.includes("Cannot close source of stream")));
  }
});

function raise(message: string): never {
  throw new Error(message);
}

Deno.test("stream() for a request that was given up is empty, and takes nothing", async () => {
  let taken = 0;
  const items = function* () {
    taken++;
    yield "never";
  };
  await using asked = new Asked((context) => {
    context.abort(new Error("given up"));
    return stream(context, items());
  });
  const response = await asked.response();
  assertEquals([response.status, await response.text(), taken], [200, "", 0]);
});

Deno.test("stream() is cut off when its request is given up, an event stream ends", async () => {
  const waits = async function* () {
    yield "a";
    await new Promise(() => {});
  };
  await using asked = new Asked((context) => stream(context, waits()));
  await using events = new Asked((context) => sse(context, waits()));
  const [response, eventual] = [await asked.response(), await events.response()];
  const texts = [response.text().catch(String), eventual.text()];
  await asked.clock.advance(1);
  for (const { context } of [asked, events]) context!.abort(new Error("given up"));
  assertEquals(await Promise.all(texts), ["Error: given up", "data: a\n\n"]);
});

Deno.test("stream() goes on while the server stops, an event stream ends", async () => {
  const release = Promise.withResolvers<void>();
  const source = async function* () {
    yield "a";
    await release.promise;
    yield "b";
  };
  const asked = new Asked((context) => stream(context, source()));
  const events = new Asked((context) => sse(context, source()));
  const [response, eventual] = [await asked.response(), await events.response()];
  await asked.server.stop();
  await events.server.stop();
  release.resolve();
  assertEquals(await response.text(), "ab");
  assertEquals(await eventual.text(), "data: a\n\n");
});

Deno.test("sse() tells when to come back, and takes more headers but not others' types", async () => {
  await using asked = new Asked((context) =>
    sse(context, ["x"], { retryMs: 1234.4, headers: { "x-a": "b", "content-type": "text/plain" } })
  );
  const response = await asked.response();
  const names = ["x-a", "content-type", "cache-control"];
  const values = names.map((name) => response.headers.get(name));
  assertEquals(values, ["b", "text/event-stream", "no-cache"]);
  assertEquals(await response.text(), "retry: 1234\n\ndata: x\n\n");
});

for (const [header, id] of [[undefined, undefined], ["", undefined], ["a-7", "a-7"]] as const) {
  Deno.test(`lastEventId() reads ${JSON.stringify(header)}`, () => {
    const headers = new Headers(header === undefined ? {} : { "last-event-id": header });
    assertEquals(lastEventId(new Request("http://localhost/", { headers })), id);
  });
}

/** The data of what a subscriber gets once the channel is closed; `gap` for a gap. */
async function taken(channel: EventChannel, id?: string): Promise<unknown[]> {
  const subscription = channel.subscribe(id);
  channel.close();
  const events = await Array.fromAsync(subscription);
  return events.map(({ event, data }) => event === "gap" ? "gap" : data);
}

const resumes: [what: string, id: string | undefined, data: unknown[]][] = [
  ["nothing of the past to a first visit", undefined, []],
  ["what came since", "e-4", [5]],
  ["nothing to one who has it all", "e-5", []],
  ["all that is kept", "e-2", [3, 4, 5]],
  ["a gap, then what is kept, to one too far behind", "e-1", ["gap", 3, 4, 5]],
  ["a gap for an id of another epoch", "f-4", ["gap", 3, 4, 5]],
  ["a gap for an id of the future", "e-6", ["gap", 3, 4, 5]],
  ["a gap for an id that is none", "constructor", ["gap", 3, 4, 5]],
  ["a gap for a huge id", "e-99999999999999999999", ["gap", 3, 4, 5]],
];

for (const [what, id, data] of resumes) {
  Deno.test(`EventChannel.subscribe() gives ${what}`, async () => {
    const channel = new EventChannel({ capacity: 3, epoch: "e" });
    for (let n = 1; n <= 5; n++) channel.publish(n);
    assertEquals(await taken(channel, id), data);
  });
}

Deno.test("EventChannel gives every subscriber every event, in order", async () => {
  const channel = new EventChannel({ epoch: "e" });
  const all = [channel.subscribe(), channel.subscribe()].map((one) => Array.fromAsync(one));
  channel.publish("a", { event: "note" });
  await Promise.resolve();
  channel.publish("b");
  channel.close();
  for (const events of await Promise.all(all)) {
    assertEquals(events.map(String), ["event: note\nid: e-1\ndata: a\n\n", "id: e-2\ndata: b\n\n"]);
  }
});

Deno.test("EventChannel shows a gap to one who falls behind, and holds no more for it", async () => {
  const channel = new EventChannel({ capacity: 2, epoch: "e" });
  const slow = channel.subscribe();
  for (let n = 1; n <= 10; n++) channel.publish(n);
  channel.close();
  assertEquals((await Array.fromAsync(slow)).map(({ data }) => data), ["", 9, 10]);
});

Deno.test("EventChannel forgets a subscriber that waits and is told to return", async () => {
  using channel = new EventChannel();
  const subscription = channel.subscribe();
  const next = subscription.next();
  assertEquals(channel.waiting, 1);
  await subscription.return!();
  assertEquals([(await next).done, channel.waiting], [true, 0]);
  assertEquals((await subscription.next()).done, true);
});

Deno.test("EventChannel through sse(): a client comes back for what it missed", async () => {
  using channel = new EventChannel({ epoch: "e" });
  await using asked = new Asked((context, request) =>
    sse(context, channel.subscribe(lastEventId(request)))
  );
  channel.publish({ n: 1 });
  channel.publish({ n: 2 });
  const response = await asked.response({ "last-event-id": "e-1" });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  assertEquals((await reader.read()).value, 'id: e-2\ndata: {"n":2}\n\n');
  await reader.cancel();
  await asked.clock.advance(0);
  assertEquals(channel.waiting, 0);
});

Deno.test("EventChannel refuses what makes no sense", () => {
  const channel = new EventChannel();
  channel.close();
  assertThrows(() => channel.publish(1), TypeError, "is closed");
  for (const capacity of [0, 1.5, NaN]) {
    assertThrows(() => new EventChannel({ capacity }), RangeError, "capacity");
  }
});

Deno.test("ServerSentEvent makes its text once", () => {
  let read = 0;
  const event = new ServerSentEvent({ toJSON: () => ++read });
  assertEquals([String(event), String(event), read], ["data: 1\n\n", "data: 1\n\n", 1]);
});
