import { assert, assertEquals } from "@std/assert";
import { gzipSync } from "node:zlib";
import { systemClock } from "../../../core/clock.ts";
import { MemoryLog } from "../../../core/testing/memory_log.ts";
import { echo, echoMessage, echoService } from "../../testing/echo_service.ts";
import { Flag, frame, FrameType, joined, message, uint32 } from "../../testing/raw/frame.ts";
import { encodeFields, type Fields } from "../../testing/raw/hpack.ts";
import { RawClient } from "../../testing/raw/raw_client.ts";
import { grpcTransport } from "./client_transport.ts";
import { grpcServerTransport } from "./server_transport.ts";
import { wireLog } from "./wire_log.ts";

const { say, sum } = echoService.methods;
const { END_STREAM, END_HEADERS, NONE } = Flag;
const good = message(echoMessage.encode(echo("hello")));

/** The fields of a good request, some of them changed or (by `undefined`) left out, and more after them. */
function request(changes: Record<string, string | undefined> = {}, more: Fields = []): Fields {
  const fields: Record<string, string | undefined> = {
    ":method": "POST",
    ":scheme": "http",
    ":path": say.path,
    ":authority": "localhost",
    "content-type": "application/grpc",
    te: "trailers",
    ...changes,
  };
  return [
    ...Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
    ...more,
  ];
}

/** Sends one request of these fields and this body. */
const post =
  (body: Uint8Array, fields: Fields = request()) => async ({ connection }: RawClient) => {
    await connection.headers(1, fields);
    await connection.data(1, body, END_STREAM);
  };

/** Sends a good request with some fields changed. */
const asking = (changes: Record<string, string | undefined>, more: Fields = []) =>
  post(good, request(changes, more));

const gzip = (bytes: Uint8Array, options: { flag?: number } = { flag: 1 }) =>
  post(message(bytes, options), request({ "grpc-encoding": "gzip" }));

interface Case {
  name: string;
  sends: (client: RawClient) => unknown;
  /** `ok`, `grpc` and a code, `http` and a status, `reset` and a code, `closed`; several if either is right. */
  ends: string | readonly string[];
}

const MESSAGES: Case[] = [
  { name: "a good request", sends: post(good), ends: "ok" },
  { name: "no message", sends: post(new Uint8Array()), ends: ["grpc 12", "grpc 13"] },
  { name: "two messages where one is wanted", sends: post(joined([good, good])), ends: "grpc 12" },
  { name: "half a prefix", sends: post(good.subarray(0, 3)), ends: ["grpc 12", "grpc 13"] },
  { name: "half a message", sends: post(good.subarray(0, 8)), ends: ["grpc 12", "grpc 13"] },
  {
    name: "more than the prefix says",
    sends: post(message(good, { length: 4 })),
    ends: ["grpc 12", "grpc 13", "grpc 8"],
  },
  {
    name: "the claim of a very long message",
    sends: post(message(good, { length: 0xffffffff })),
    ends: "grpc 8",
  },
  {
    name: "a message longer than the limit",
    sends: post(message(new Uint8Array(3_000))),
    ends: "grpc 8",
  },
  {
    name: "what is no message",
    sends: post(message(new Uint8Array([7, 255, 255]))),
    ends: "grpc 13",
  },
  {
    name: "a message in frames of one byte",
    async sends({ connection }) {
      await connection.headers(1, request());
      for (const byte of good) {
        await connection.write(frame(FrameType.DATA, NONE, 1, new Uint8Array([byte])));
      }
      await connection.data(1, new Uint8Array(), END_STREAM);
    },
    ends: "ok",
  },
  {
    name: "a message and trailers",
    async sends({ connection }) {
      await connection.headers(1, request());
      await connection.data(1, good);
      await connection.headers(1, [["x-after", "all"]], END_STREAM);
    },
    ends: "ok",
  },
  { name: "gzip", sends: gzip(new Uint8Array(gzipSync(good.subarray(5)))), ends: "ok" },
  { name: "what is no gzip", sends: gzip(good), ends: "grpc 13" },
  {
    name: "gzip that inflates beyond the limit",
    sends: gzip(new Uint8Array(gzipSync(new Uint8Array(64 << 20)))
      .subarray(0, 2_000)),
    ends: "grpc 8",
  },
  {
    name: "half of a gzip",
    sends: gzip(new Uint8Array(gzipSync(good)).subarray(0, 12)),
    ends: "grpc 13",
  },
  {
    name: "the flag of compression and no encoding",
    sends: post(message(good.subarray(5), { flag: 1 })),
    ends: ["ok", "grpc 13"],
  },
  {
    name: "an encoding that nobody knows",
    sends: post(message(good, { flag: 1 }), request({ "grpc-encoding": "br" })),
    ends: "grpc 12",
  },
  {
    name: "a flag that there is not",
    sends: post(message(good.subarray(5), { flag: 7 })),
    ends: ["ok", "grpc 13"],
  },
];

const FIELDS: Case[] = [
  { name: "no te", sends: asking({ te: undefined }), ends: ["ok", "grpc 13"] },
  { name: "another te", sends: asking({ te: "gzip" }), ends: ["reset 1", "closed"] },
  {
    name: "GET",
    sends: asking({ ":method": "GET" }),
    ends: "ok", // The package does not look at it.
  },
  { name: "no method", sends: asking({ ":method": undefined }), ends: ["reset 1", "closed"] },
  { name: "no path", sends: asking({ ":path": undefined }), ends: ["reset 1", "closed"] },
  { name: "an empty path", sends: asking({ ":path": "" }), ends: ["reset 1", "closed", "grpc 12"] },
  { name: "a path of a file", sends: asking({ ":path": "/../etc/passwd" }), ends: "grpc 12" },
  { name: "a path with a query", sends: asking({ ":path": `${say.path}?a=b` }), ends: "grpc 12" },
  { name: "a method that there is not", sends: asking({ ":path": "/a.B/C" }), ends: "grpc 12" },
  { name: "no authority", sends: asking({ ":authority": undefined }), ends: ["ok", "closed"] },
  { name: "no type", sends: asking({ "content-type": undefined }), ends: "http 415" },
  { name: "a type of text", sends: asking({ "content-type": "text/plain" }), ends: "http 415" },
  {
    name: "a type with a suffix",
    sends: asking({ "content-type": "application/grpc+proto" }),
    ends: "ok",
  },
  ...["soon", "1", "", "S"].map((value) => ({
    name: `the timeout ${JSON.stringify(value)}`,
    sends: asking({ "grpc-timeout": value }),
    ends: "grpc 13",
  })),
  { name: "the timeout 0", sends: asking({ "grpc-timeout": "0n" }), ends: ["grpc 4", "ok"] },
  { name: "bytes that are not encoded", sends: asking({}, [["x-raw-bin", "%%%"]]), ends: "ok" },
  {
    name: "an unknown pseudo-field",
    sends: asking({}, [[":color", "red"]]),
    ends: ["reset 1", "closed"],
  },
  { name: "two paths", sends: asking({}, [[":path", "/a/b"]]), ends: ["reset 1", "closed"] },
  { name: "capital letters", sends: asking({}, [["X-Upper", "a"]]), ends: ["reset 1", "closed"] },
  { name: "an empty name", sends: asking({}, [["", "a"]]), ends: ["reset 1", "closed", "ok"] },
  {
    name: "a line break in a value",
    sends: asking({}, [["x-a", "1\r\nb: 2"]]),
    ends: "ok", // Of which the handler gets nothing to see.
  },
  {
    name: "a field of connections",
    sends: asking({}, [["connection", "close"]]),
    ends: ["reset 1", "closed"],
  },
  {
    name: "a length that is not true",
    sends: asking({}, [["content-length", "3"]]),
    ends: ["reset 1", "closed", "ok"],
  },
  {
    name: "fields of 60 KiB",
    sends: asking({}, [["x-long", "a".repeat(60_000)]]),
    ends: ["ok", "http 431", "reset 1", "reset 11", "closed", "grpc 8"],
  },
  {
    name: "fields in pieces",
    async sends({ connection }) {
      const block = encodeFields(request());
      await connection.write(
        frame(FrameType.HEADERS, NONE, 1, block.subarray(0, 10)),
        frame(FrameType.CONTINUATION, NONE, 1, block.subarray(10, 20)),
        frame(FrameType.CONTINUATION, END_HEADERS, 1, block.subarray(20)),
      );
      await connection.data(1, good, END_STREAM);
    },
    ends: "ok",
  },
];

const STREAMS: Case[] = [
  {
    name: "a reset in the middle of a message",
    async sends({ connection }) {
      await connection.headers(1, request());
      await connection.data(1, good.subarray(0, 7));
      await connection.write(frame(FrameType.RST_STREAM, NONE, 1, uint32(8)));
      await connection.headers(3, request());
      await connection.data(3, good, END_STREAM);
    },
    ends: "ok 3",
  },
  {
    name: "data after the end",
    async sends(client) {
      await post(good, request({ ":path": sum.path }))(client);
      await client.connection.data(1, good);
    },
    ends: ["ok", "reset 5", "closed"],
  },
  {
    name: "data before the fields",
    sends: ({ connection }) => connection.data(1, good, END_STREAM),
    ends: "closed",
  },
  {
    name: "a stream of an even number",
    sends: ({ connection }) => connection.headers(2, request(), END_STREAM),
    ends: "closed",
  },
  {
    name: "fields that cannot be read",
    sends: ({ connection }) =>
      connection.write(frame(FrameType.HEADERS, END_HEADERS, 1, new Uint8Array(40).fill(0xff))),
    ends: "closed",
  },
  {
    name: "a frame longer than allowed",
    sends: ({ connection }) => connection.write(frame(FrameType.DATA, NONE, 1, good, 0xffffff)),
    ends: "closed",
  },
  {
    name: "a frame between the pieces of fields",
    sends: ({ connection }) =>
      connection.write(
        frame(FrameType.HEADERS, NONE, 1, encodeFields(request())),
        frame(FrameType.PING, NONE, 0, new Uint8Array(8)),
      ),
    ends: "closed",
  },
  {
    name: "a window that overflows",
    async sends({ connection }) {
      await connection.write(frame(FrameType.WINDOW_UPDATE, NONE, 0, uint32(0x7fffffff)));
    },
    ends: "closed",
  },
  {
    name: "frames of no known type before a good request",
    async sends(client) {
      await client.connection.write(frame(0xee, 0xff, 0, new Uint8Array(100)));
      await post(good)(client);
    },
    ends: "ok",
  },
];

Deno.test("wireLog() writes what the package says, but not what peers make it say", () => {
  const log = new MemoryLog();
  const wire = wireLog(log);
  wire.error("Failed to add metadata entry x-a: 1\r\nb: 2. Metadata string value is bad");
  wire.error("No address added out of total 1 resolved");
  wire.error("Cannot parse proxy");
  assertEquals(log.records.map(({ content }) => content), [
    "gRPC: Cannot parse proxy",
  ]);
});

/** What a client is told on a stream, or of the connection. */
async function outcomeOf(client: RawClient, stream: number): Promise<string> {
  const { fields, reset, ended } = await client.outcome(stream, 1_000);
  const { ":status": status = "200", "grpc-status": code } = fields;
  if (code === "0") return stream === 1 ? "ok" : `ok ${stream}`;
  if (code !== undefined) return `grpc ${code}`;
  if (status !== "200") return `http ${status}`;
  if (reset !== undefined) return `reset ${reset}`;
  if (client.goaway !== undefined || !client.connection.open) return "closed";
  return ended ? "ended" : "nothing";
}

async function open() {
  const listener = await grpcServerTransport({ maxReceiveBytes: 1 << 11 }).listen([
    {
      kind: "unary",
      method: say,
      handle(request, { metadata }) {
        assertEquals(metadata.get("x-a"), undefined);
        return request;
      },
    },
    {
      kind: "stream",
      method: sum,
      async *handle(requests) {
        let count = 0;
        for await (const _ of requests) count++;
        yield echo("", count);
      },
    },
  ], "127.0.0.1:0");
  return {
    address: listener.address,
    async [Symbol.asyncDispose]() {
      listener.close();
      await systemClock.sleep(60, { keepAlive: true }); // Sockets close in their own time.
    },
  };
}

for (const { name, sends, ends } of [...MESSAGES, ...FIELDS, ...STREAMS]) {
  Deno.test(`a server that is sent ${name} answers ${ends}, and serves on`, async () => {
    await using server = await open();
    const expected = [ends].flat();
    {
      using client = await RawClient.connect(server.address);
      await sends(client);
      const stream = expected[0]!.startsWith("ok ") ? 3 : 1;
      const outcome = await outcomeOf(client, stream);
      assert(expected.includes(outcome), outcome);
    }
    const connection = grpcTransport().open(server.address);
    const call = { metadata: undefined, deadline: undefined, signal: undefined };
    assertEquals((await connection.unary(say, echo("after"), call)).text, "after");
    await connection[Symbol.asyncDispose]();
  });
}
