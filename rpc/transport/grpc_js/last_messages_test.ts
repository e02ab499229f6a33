import { assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "../../../core/errors.ts";
import { Deadline } from "../../../core/timeout/deadline.ts";
import { sharedDeadlines } from "../../../core/timeout/shared_deadlines.ts";
import { type Echo, echo, echoMessage, echoService } from "../../testing/echo_service.ts";
import { Flag, frame, FrameType, joined, message, uint32 } from "../../testing/raw/frame.ts";
import { encodeFields } from "../../testing/raw/hpack.ts";
import { RawServer } from "../../testing/raw/raw_server.ts";
import { call, hang, never, sleep } from "../../testing/transport_pair.ts";
import { grpcTransport } from "./client_transport.ts";
import { guardStreams } from "./guard_streams.ts";
import { holdFailures } from "./hold_failures.ts";

const { say, chat } = echoService.methods;

/**
 * A server that answers every call with so many messages and a failure, all in one piece. `reset` is what it says to requests
 * that still come.
 */
function openServer(count: number, reset?: number, status = 11): RawServer {
  return new RawServer(async (to, id) => {
    const head = encodeFields([[":status", "200"], ["content-type", "application/grpc"]]);
    const tail = encodeFields([["grpc-status", String(status)], ["grpc-message", "no more"]]);
    const messages = Array.from(
      { length: count },
      (_, i) => frame(FrameType.DATA, Flag.NONE, id, message(echoMessage.encode(echo("", i)))),
    );
    await to.write(joined([
      frame(FrameType.HEADERS, Flag.END_HEADERS, id, head),
      ...messages,
      frame(FrameType.HEADERS, Flag.END_HEADERS | Flag.END_STREAM, id, tail),
      ...reset === undefined ? [] : [frame(FrameType.RST_STREAM, Flag.NONE, id, uint32(reset))],
    ]));
  });
}

for (const [count, pauseMs] of [[0, 0], [1, 0], [2, 0], [300, 0], [60, 1]] as const) {
  const pace = pauseMs ? "read slowly" : "read at once";
  Deno.test(`a failure does not overtake ${count} messages before it that are ${pace}`, async () => {
    await using server = openServer(count);
    const connection = grpcTransport().open(server.address);
    const seen: number[] = [];
    const error = await assertRejects(async () => {
      for await (const { number } of connection.stream(chat, never<Echo>(), call())) {
        seen.push(number);
        if (pauseMs) await sleep(pauseMs);
      }
    }, ServiceError);
    assertEquals([error.code, error.message, seen], [
      "out_of_range",
      "no more",
      Array.from({ length: count }, (_, i) => i),
    ]);
    await connection[Symbol.asyncDispose]();
    await sleep(60); // Sockets close in their own time.
  });
}

for (const count of [0, 1, 2, 60]) {
  for (const reset of [0, 8]) {
    Deno.test(`a failure after ${count} messages is told though RST_STREAM ${reset} follows`, async () => {
      await using server = openServer(count, reset);
      const connection = grpcTransport().open(server.address);
      using deadline = new Deadline(2_000);
      const error = await assertRejects(
        () => Array.fromAsync(connection.stream(chat, never<Echo>(), call({ deadline }))),
        ServiceError,
      );
      assertEquals(error.code, "out_of_range");
      await connection[Symbol.asyncDispose]();
      sharedDeadlines[Symbol.dispose]();
      await sleep(60);
    });
  }
}

for (const pauseMs of [0, 1]) {
  Deno.test(`a success that is followed by RST_STREAM 0 loses nothing, with ${pauseMs} ms between reads`, async () => {
    await using server = openServer(60, 0, 0);
    const connection = grpcTransport().open(server.address);
    using deadline = new Deadline(5_000);
    let seen = 0;
    for await (const _ of connection.stream(chat, never<Echo>(), call({ deadline }))) {
      seen++;
      if (pauseMs) await sleep(pauseMs);
    }
    assertEquals(seen, 60);
    await connection[Symbol.asyncDispose]();
    sharedDeadlines[Symbol.dispose]();
    await sleep(60);
  });
}

Deno.test("a success that is followed by a reset before all is read is a failure", async () => {
  await using server = openServer(60, 8, 0);
  const connection = grpcTransport().open(server.address);
  using deadline = new Deadline(5_000);
  const error = await assertRejects(
    () => Array.fromAsync(connection.stream(chat, never<Echo>(), call({ deadline }))),
    ServiceError,
  );
  assertEquals(error.code, "internal");
  await connection[Symbol.asyncDispose]();
  sharedDeadlines[Symbol.dispose]();
  await sleep(60);
});

Deno.test("a failure after an answer of one message is a failure", async () => {
  await using server = openServer(1);
  const connection = grpcTransport().open(server.address);
  const error = await assertRejects(
    () => connection.unary(say, echo(""), call()),
    ServiceError,
  );
  assertEquals(error.code, "out_of_range");
  await connection[Symbol.asyncDispose]();
  await sleep(60);
});

Deno.test("a stream whose failure waits for its reader can be left and ended", async () => {
  await using server = openServer(100);
  const connection = grpcTransport().open(server.address);
  for (const leave of ["return", "close"]) {
    const answers = connection.stream(chat, never<Echo>(), call())[Symbol.asyncIterator]();
    assertEquals((await answers.next()).value?.number, 0);
    await sleep(30);
    if (leave === "return") await answers.return!();
    else await connection[Symbol.asyncDispose]();
  }
  await Promise.race([sleep(60), hang()]);
});

Deno.test("what cannot be mended says so", () => {
  assertEquals([guardStreams(class {}), holdFailures(class {})], [false, false]);
});
