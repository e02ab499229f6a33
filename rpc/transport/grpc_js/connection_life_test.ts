import { assert, assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../../core/clock.ts";
import { ServiceError } from "../../../core/errors.ts";
import { eventually } from "../../../core/testing/eventually.ts";
import { type Echo, echo, echoMessage, echoService } from "../../testing/echo_service.ts";
import {
  Flag,
  type Frame,
  FrameType,
  message,
  PREFACE,
  settings,
} from "../../testing/raw/frame.ts";
import { RawClient } from "../../testing/raw/raw_client.ts";
import { RawServer } from "../../testing/raw/raw_server.ts";
import {
  call,
  type Handlers,
  hang,
  never,
  of,
  servedMethods,
  sleep,
} from "../../testing/transport_pair.ts";
import { grpcTransport, type GrpcTransportOptions } from "./client_transport.ts";
import { grpcServerTransport, type GrpcServerTransportOptions } from "./server_transport.ts";

const { say, chat, count } = echoService.methods;
const MESSAGE = message(
  echoMessage.encode({ text: "", number: 0, payload: new Uint8Array(16_000) }),
);

async function listen(options: GrpcServerTransportOptions, handlers: Handlers) {
  const listener = await grpcServerTransport(options).listen(
    servedMethods(handlers),
    "127.0.0.1:0",
  );
  return Object.assign(listener, {
    async [Symbol.asyncDispose]() {
      listener.close();
      await sleep(60); // Sockets close in their own time.
    },
  });
}

function connect(address: string, options: GrpcTransportOptions = {}) {
  return grpcTransport({ maxBackoffMs: 30, ...options }).open(address);
}

Deno.test("a server closes a connection that is idle, and its client does not notice", async () => {
  await using server = await listen({ maxIdleMs: 80 }, { say: (request) => request });
  await using connection = connect(server.address);
  assertEquals((await connection.unary(say, echo("a"), call())).text, "a");
  await eventually("the connection is closed", () => connection.state === "idle");
  assertEquals((await connection.unary(say, echo("b"), call())).text, "b");
});

Deno.test("a server does not take a connection for idle that has a call", async () => {
  await using server = await listen({ maxIdleMs: 80 }, {
    say: (request) => sleep(300).then(() => request),
  });
  await using connection = connect(server.address);
  assertEquals((await connection.unary(say, echo("a"), call())).text, "a");
});

Deno.test("a server closes connections that say nothing", async () => {
  await using server = await listen({ maxIdleMs: 80 }, {});
  for (const hello of [[], [PREFACE.subarray(0, 10)], [PREFACE, settings()]]) {
    using client = await RawClient.connect(server.address, hello);
    await client.until(() => !client.connection.open, 5_000);
    assertEquals(client.connection.open, false);
  }
});

Deno.test("a client connects anew when its connection is old, and no call is lost", async () => {
  await using server = await listen({ maxAgeMs: 60 }, {
    say: (request) => sleep(5).then(() => request),
  });
  await using connection = connect(server.address);
  let closed = 0;
  using _watching = connection.watch((state) => closed += Number(state === "idle"));
  for (let i = 0; i < 60; i++) {
    assertEquals((await connection.unary(say, echo("", i), call())).number, i);
  }
  assert(closed >= 2, `it connected anew ${closed} times`);
});

Deno.test("streams lose neither messages nor status while connections grow old", async () => {
  const rounds = 600;
  await using server = await listen({ maxAgeMs: 60 }, {
    count: async function* (requests) {
      for await (const { number } of requests) {
        for (let i = 0; i < 20; i++) yield echo("", i);
        if (number % 2) throw new ServiceError("aborted", "Cannot go on: so it was asked for");
      }
    },
  });
  await using connection = connect(server.address);
  const ends: Record<string, number> = {};
  const run = async (first: number) => {
    for (let n = first; n < rounds; n += 30) {
      let seen = 0, end = "ok";
      try {
        for await (const _ of connection.stream(count, of(echo("", n)), call())) seen++;
      } catch (error) {
        end = error instanceof ServiceError ? error.code : String(error);
      }
      const outcome = `${end} after ${seen}`;
      ends[outcome] = (ends[outcome] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 30 }, (_, i) => run(i)));
  assertEquals(ends, { "ok after 20": rounds / 2, "aborted after 20": rounds / 2 });
});

Deno.test("a server ends calls on an old connection after the time of grace", async () => {
  const told = Promise.withResolvers<void>();
  await using server = await listen({ maxAgeMs: 50, maxAgeGraceMs: 50 }, {
    chat: async function* (_requests, incoming) {
      incoming.onCancel(told.resolve);
      yield echo("1");
      await hang();
    },
  });
  await using connection = connect(server.address);
  const error = await assertRejects(
    () => Array.fromAsync(connection.stream(chat, never<Echo>(), call())),
    ServiceError,
  );
  assert(["unavailable", "internal", "canceled"].includes(error.code), error.code);
  await told.promise;
});

Deno.test("a client gives a connection up that shows no sign of life", async () => {
  // Frames are taken and nothing is said, as if the network had swallowed it.
  await using server = new RawServer(() => {});
  await using connection = connect(server.address, { keepaliveMs: 60, keepaliveTimeoutMs: 60 });
  const startedMs = systemClock.now();
  const error = await assertRejects(() => connection.unary(say, echo(""), call()), ServiceError);
  assertEquals(error.code, "unavailable");
  assert(systemClock.now() - startedMs < 5_000);
  assert(server.frames.some(({ type }) => type === FrameType.PING));
});

Deno.test("a server gives a connection up that shows no sign of life", async () => {
  await using server = await listen({ keepaliveMs: 60, keepaliveTimeoutMs: 60 }, {});
  using client = await RawClient.connect(server.address);
  await client.until(() => !client.connection.open, 5_000);
  assertEquals([client.connection.open, client.seen[FrameType.PING]! >= 1], [false, true]);
});

Deno.test("a server takes so many calls of one connection at a time, and the others wait", async () => {
  let live = 0, most = 0;
  await using server = await listen({ maxConcurrentCalls: 2 }, {
    async say(request) {
      most = Math.max(most, ++live);
      await sleep(10);
      live--;
      return request;
    },
  });
  await using connection = connect(server.address);
  await connection.unary(say, echo(""), call()); // Now its limits are known.
  const answers = Array.from({ length: 12 }, (_, i) => connection.unary(say, echo("", i), call()));
  assertEquals((await Promise.all(answers)).map(({ number }) => number), [...Array(12).keys()]);
  assertEquals(most, 2);
});

Deno.test("connections to one address with other limits are not shared", async () => {
  await using server = await listen({}, { say: (request) => request });
  await using small = connect(server.address, { maxReceiveBytes: 100 });
  await using large = connect(server.address);
  const long = echo("a".repeat(1_000));
  assertEquals((await large.unary(say, long, call())).text, long.text);
  const error = await assertRejects(() => small.unary(say, long, call()), ServiceError);
  assertEquals(error.code, "resource_exhausted");
  assertEquals((await large.unary(say, long, call())).text, long.text);
});

const QUIET: Record<string, readonly Uint8Array[]> = {
  "has said hello": [PREFACE, settings()],
  "has said nothing": [],
  "has said half of a hello": [PREFACE.subarray(0, 10)],
};
for (const [what, hello] of Object.entries(QUIET)) {
  Deno.test(`a server that drains does not wait for a client that ${what}`, async () => {
    await using server = await listen({}, {});
    using _client = await RawClient.connect(server.address, hello);
    await sleep(30);
    let drained = false;
    server.drain().then(() => drained = true);
    await eventually("it has drained", () => drained, { timeoutMs: 5_000 });
  });
}

Deno.test("a server that is closed does not wait for a client that keeps its calls open", async () => {
  let canceled = 0;
  await using server = await listen({}, {
    chat: async function* (requests, incoming) {
      incoming.onCancel(() => canceled++);
      for await (const request of requests) yield request;
    },
  });
  using client = await RawClient.connect(server.address);
  for (const stream of [1, 3, 5]) {
    await client.connection.headers(stream, [
      [":method", "POST"],
      [":scheme", "http"],
      [":path", chat.path],
      [":authority", "localhost"],
      ["content-type", "application/grpc"],
      ["te", "trailers"],
    ]);
  }
  await sleep(50);
  const drained = server.drain();
  await client.until(() => client.goaway !== undefined, 1_000);
  assertEquals(client.goaway, 0);
  server.close();
  await drained;
  assertEquals(canceled, 3);
  assertEquals(client.answer(1).fields["grpc-status"], "14");
});

Deno.test("a client reads no faster than its user, so a sender that keeps to the rules has to wait", async () => {
  const windows = (frames: Frame[]) =>
    frames.filter(({ type, stream }) => type === FrameType.WINDOW_UPDATE && stream === 1)
      .reduce(
        (sum, { payload }) => sum + new DataView(payload.buffer, payload.byteOffset).getUint32(0),
        65_535,
      );
  let sent = 0;
  await using server = new RawServer(async (to, id) => {
    await to.headers(id, [[":status", "200"], ["content-type", "application/grpc"]]);
    while (to.open) {
      const room = windows(server.frames) - sent >= MESSAGE.length;
      if (room) {
        sent += MESSAGE.length;
        await to.data(id, MESSAGE);
      } else await sleep(1);
    }
  });
  await using connection = connect(server.address);
  const answers = connection.stream(chat, never<Echo>(), call())[Symbol.asyncIterator]();
  await answers.next();
  await sleep(250);
  // What is read ahead, and one window.
  assert(sent < 40 * MESSAGE.length, `${sent} bytes were taken for one message that was read`);
  await answers.return!();
});

Deno.test("a server reads no faster than its handler, so a sender that keeps to the rules has to wait", async () => {
  await using server = await listen({}, {
    chat: async function* (requests) {
      for await (const request of requests) {
        yield request;
        await hang();
      }
    },
  });
  using client = await RawClient.connect(server.address);
  await client.connection.headers(1, [
    [":method", "POST"],
    [":scheme", "http"],
    [":path", chat.path],
    [":authority", "localhost"],
    ["content-type", "application/grpc"],
    ["te", "trailers"],
  ]);
  for (let sent = 0; sent + MESSAGE.length < 65_535; sent += MESSAGE.length) {
    await client.connection.data(1, MESSAGE, Flag.NONE);
  }
  await client.until(() => client.answer(1).bytes > 0, 1_000);
  await sleep(100);
  assert((client.seen[FrameType.WINDOW_UPDATE] ?? 0) <= 3, "it goes on taking data");
});
