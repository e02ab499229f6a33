import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { type Random, systemClock } from "../../../core/clock.ts";
import { eventually } from "../../../core/testing/eventually.ts";
import { seededRandom } from "../../../core/testing/seeded_random.ts";
import { Deadline } from "../../../core/timeout/deadline.ts";
import { sharedDeadlines } from "../../../core/timeout/shared_deadlines.ts";
import { echo, echoMessage, echoService } from "../../testing/echo_service.ts";
import {
  Flag,
  frame,
  FrameType,
  joined,
  message,
  settings,
  uint32,
} from "../../testing/raw/frame.ts";
import { encodeFields, type Fields } from "../../testing/raw/hpack.ts";
import { RawClient } from "../../testing/raw/raw_client.ts";
import { RawServer } from "../../testing/raw/raw_server.ts";
import { call, of, sleep, texts } from "../../testing/transport_pair.ts";
import { grpcTransport } from "./client_transport.ts";

const { say, look, sum, chat } = echoService.methods;
const { NONE, END_STREAM, END_HEADERS } = Flag;
const good = message(echoMessage.encode(echo("hello")));

const request = (path: string, more: Fields = []): Fields => [
  [":method", "POST"],
  [":scheme", "http"],
  [":path", path],
  [":authority", "localhost"],
  ["content-type", "application/grpc"],
  ["te", "trailers"],
  ...more,
];
const REQUESTS: readonly Fields[] = [
  ...[say.path, chat.path, sum.path, "/a/b"].map((path) => request(path)),
  request(chat.path, [["grpc-timeout", "1m"]]),
  request(say.path, [["grpc-encoding", "gzip"]]),
  request(say.path).slice(0, 4),
  [["x-trailer", "a"]],
];
const OK: Fields = [[":status", "200"], ["content-type", "application/grpc"]];
const ANSWERS: readonly Fields[] = [
  OK,
  [...OK, ["grpc-status", "0"]],
  [...OK, ["grpc-status", "7"], ["grpc-message", "%41%"]],
  [...OK, ["grpc-encoding", "gzip"]],
  [["grpc-status", "0"]],
  [[":status", "100"]],
  [[":status", "502"]],
  [["x-trailer", "a"]],
];

/** A frame of any kind, on any of a few streams. */
function anyFrame(random: Random, blocks: readonly Fields[]): Uint8Array {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const stream = pick([0, 1, 1, 1, 1, 1, 2, 3, 5]);
  const flags = pick([NONE, END_STREAM, END_HEADERS, END_HEADERS, END_HEADERS | END_STREAM]);
  const block = encodeFields(pick(blocks));
  return pick([
    () => frame(FrameType.HEADERS, flags, stream, block),
    () => frame(FrameType.HEADERS, END_HEADERS, stream, block),
    () => frame(FrameType.CONTINUATION, flags, stream, block.subarray(5)),
    () => frame(FrameType.DATA, flags & END_STREAM, stream, pick([good, good.subarray(3)])),
    () => frame(FrameType.DATA, flags & END_STREAM, stream, message(good, { flag: 1 })),
    () => frame(FrameType.RST_STREAM, NONE, stream, uint32(pick([0, 2, 7, 8]))),
    () => frame(FrameType.WINDOW_UPDATE, NONE, stream, uint32(pick([0, 1, 0x7fffffff]))),
    () => frame(FrameType.GOAWAY, NONE, 0, uint32(pick([0, 1, 9]), pick([0, 2, 11]))),
    () => frame(FrameType.PING, flags & Flag.ACK, 0, new Uint8Array(8)),
    () => settings([pick([1, 2, 3, 4, 5, 6]), pick([0, 1, 16_384, 0xffffffff])]),
    () => frame(pick([2, 5, 10, 255]), flags, stream, uint32(1, 2)),
    () => crypto.getRandomValues(new Uint8Array(20)),
  ])();
}

/** Some frames, which break off anywhere. */
function anyFrames(random: Random, blocks: readonly Fields[]): Uint8Array[] {
  return Array.from({ length: 1 + Math.floor(random() * 8) }, () => anyFrame(random, blocks));
}

const seed = Math.floor(systemClock.wallTime()) % 1_000_000;

Deno.test(`a server survives frames of any kind in any order (seed ${seed})`, async () => {
  const random = seededRandom(seed);
  const server = fromFileUrl(new URL("testdata/attacked_server.ts", import.meta.url));
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", server],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const address = (await reader.read()).value!.trim();
  for (let round = 0; round < 400; round++) {
    using client = await RawClient.connect(address);
    const frames = anyFrames(random, REQUESTS);
    if (random() < 0.5) {
      await client.until(() => client.seen[FrameType.SETTINGS] !== undefined, 200);
    }
    if (random() < 0.5) await client.connection.write(...frames);
    else for (const each of frames) await client.connection.write(each);
    if (random() < 0.5) await sleep(2);
  }
  const connection = grpcTransport({ maxBackoffMs: 50 }).open(address);
  await eventually("no handler is at work", async () => {
    using deadline = new Deadline(5_000);
    const { text } = await connection.unary(look, echo(""), call({ deadline, waitForReady: true }));
    return JSON.parse(text).live === 0;
  });
  await connection[Symbol.asyncDispose]();
  await process.stdin.close();
  while (!(await reader.read()).done) { /* Until it has ended. */ }
  assertEquals((await process.status).code, 0);
  sharedDeadlines[Symbol.dispose]();
  await sleep(60);
});

Deno.test(`a client survives frames of any kind in any order (seed ${seed})`, async () => {
  const random = seededRandom(seed);
  const alive = systemClock.setTimer(() => {}, 60_000, { keepAlive: true });
  for (let round = 0; round < 150; round++) {
    await using server = new RawServer(async (to) => {
      const frames = anyFrames(random, ANSWERS);
      if (random() < 0.5) await to.write(joined(frames));
      else for (const each of frames) await to.write(each);
      if (random() < 0.3) to[Symbol.dispose]();
    });
    const connection = grpcTransport({ maxBackoffMs: 20 }).open(server.address);
    using deadline = new Deadline(60);
    const parts = call({ deadline });
    // How they end does not matter, but end they must.
    await Promise.allSettled([
      connection.unary(say, echo("a"), parts),
      texts(connection.stream(chat, of(echo("a")), parts)),
    ]);
    await connection[Symbol.asyncDispose]();
  }
  alive.cancel();
  sharedDeadlines[Symbol.dispose]();
  await sleep(150);
});
