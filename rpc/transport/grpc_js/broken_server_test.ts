import { assert, assertEquals, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import { systemClock } from "../../../core/clock.ts";
import { ServiceError } from "../../../core/errors.ts";
import { Deadline } from "../../../core/timeout/deadline.ts";
import { sharedDeadlines } from "../../../core/timeout/shared_deadlines.ts";
import { echo, echoMessage, echoService } from "../../testing/echo_service.ts";
import { Flag, frame, FrameType, message, settings, uint32 } from "../../testing/raw/frame.ts";
import type { Fields } from "../../testing/raw/hpack.ts";
import type { RawConnection } from "../../testing/raw/raw_connection.ts";
import { RawServer } from "../../testing/raw/raw_server.ts";
import { Metadata } from "../../metadata.ts";
import type { OutgoingCall } from "../transport.ts";
import { grpcTransport } from "./client_transport.ts";
import { WireMetadata } from "./driver.ts";
import { failureOf } from "./failure.ts";

const { say, chat } = echoService.methods;
const sleep = (ms: number) => systemClock.sleep(ms, { keepAlive: true });

const good = message(echoMessage.encode(echo("hello")));
const OK: Fields = [[":status", "200"], ["content-type", "application/grpc"]];
const { END_STREAM } = Flag;

async function answer(to: RawConnection, stream: number, body: Uint8Array, fields: Fields = OK) {
  await to.headers(stream, fields);
  await to.data(stream, body);
  await to.headers(stream, [["grpc-status", "0"]], END_STREAM);
}

const zipped = (bytes: Uint8Array) => message(new Uint8Array(gzipSync(bytes)), { flag: 1 });
const encoded = (name: string): Fields => [...OK, ["grpc-encoding", name]];
const trailersOnly = (...fields: Fields) => (to: RawConnection, stream: number) =>
  to.headers(stream, [...OK, ...fields], END_STREAM);
const http = (status: string) => async (to: RawConnection, stream: number) => {
  await to.headers(stream, [[":status", status], ["content-type", "text/html"]]);
  await to.data(stream, new TextEncoder().encode("<html>no</html>"), END_STREAM);
};
const reset = (code: number) => async (to: RawConnection, stream: number) => {
  await to.headers(stream, OK);
  await to.write(frame(FrameType.RST_STREAM, Flag.NONE, stream, uint32(code)));
};

interface Case {
  name: string;
  /** What the server does with the first request; all others get a good answer. */
  does: (to: RawConnection, stream: number) => unknown;
  /** How a call of one message ends; several where the package may choose. */
  unary: string | readonly string[];
  /** How a call of streams ends, unless it is the same. */
  stream?: string | readonly string[];
  /** What the message of the error is. */
  message?: string;
}

const CASES: Case[] = [
  { name: "a good answer", does: (to, id) => answer(to, id, good), unary: "ok" },
  {
    name: "interim headers before a good answer",
    async does(to, id) {
      await to.headers(id, [[":status", "103"], ["link", "</a>"]]);
      await answer(to, id, good);
    },
    unary: "ok",
  },
  {
    name: "a status alone, with text of all kinds",
    does: trailersOnly(["grpc-status", "5"], ["grpc-message", "no %E2%98%BA%0A100%25"]),
    unary: "not_found",
    message: "no ☺\n100%",
  },
  {
    name: "a status whose text is not encoded as it should be",
    does: trailersOnly(["grpc-status", "5"], ["grpc-message", "100% %zz %E2%98"]),
    unary: "not_found",
    message: "100% %zz %E2%98",
  },
  {
    name: "a status that is no number",
    does: trailersOnly(["grpc-status", "lost"]),
    unary: "unknown",
  },
  {
    name: "a status that nobody knows",
    does: trailersOnly(["grpc-status", "99"]),
    unary: "unknown",
  },
  {
    name: "success without an answer",
    does: trailersOnly(["grpc-status", "0"]),
    unary: "internal",
    stream: "ok",
  },
  {
    name: "an answer without a status",
    async does(to, id) {
      await to.headers(id, OK);
      await to.data(id, good, END_STREAM);
    },
    unary: ["unknown", "internal"],
  },
  {
    name: "half an answer and success",
    does: (to, id) => answer(to, id, good.subarray(0, 7)),
    unary: "internal",
    stream: "ok", // The package drops what is not whole, and tells nobody.
  },
  {
    name: "less than the prefix of an answer and success",
    does: (to, id) => answer(to, id, good.subarray(0, 3)),
    unary: "internal",
    stream: "ok",
  },
  {
    name: "two answers where there is one",
    does: (to, id) => answer(to, id, new Uint8Array([...good, ...good])),
    unary: "internal",
    stream: "ok",
  },
  {
    name: "an answer longer than the limit",
    does: (to, id) => answer(to, id, message(new Uint8Array(2_000))),
    unary: "resource_exhausted",
  },
  {
    name: "the claim of a very long answer",
    does: (to, id) => answer(to, id, message(new Uint8Array(10), { length: 0xffffffff })),
    unary: "resource_exhausted",
  },
  {
    name: "an answer that is no message",
    does: (to, id) => answer(to, id, message(new Uint8Array([7, 255, 255]))),
    unary: "internal",
  },
  {
    name: "a compressed answer",
    does: (to, id) => answer(to, id, zipped(echoMessage.encode(echo("hello"))), encoded("gzip")),
    unary: "ok",
  },
  {
    name: "a compressed answer that inflates beyond the limit",
    does: (to, id) => answer(to, id, zipped(new Uint8Array(8 << 20)), encoded("gzip")),
    unary: "resource_exhausted",
  },
  {
    name: "what is not compressed but says so",
    does: (to, id) => answer(to, id, message(good, { flag: 1 }), encoded("gzip")),
    unary: "internal",
  },
  {
    name: "a compression that nobody knows",
    does: (to, id) => answer(to, id, message(good, { flag: 1 }), encoded("zip")),
    unary: "internal",
  },
  {
    name: "a compressed answer that does not say how",
    does: (to, id) => answer(to, id, message(good, { flag: 1 })),
    unary: "internal",
  },
  ...Object.entries({
    400: "internal",
    401: "unauthenticated",
    403: "permission_denied",
    404: "unimplemented",
    429: "unavailable",
    500: "unknown",
    502: "unavailable",
    503: "unavailable",
    504: "unavailable",
  }).map(([status, unary]) => ({ name: `HTTP ${status} and a page`, does: http(status), unary })),
  // The package takes the page for the prefix of a very long message.
  { name: "HTTP 200 and a page", does: http("200"), unary: "resource_exhausted" },
  ...Object.entries({
    0: ["internal"],
    1: ["internal"],
    2: ["internal"],
    7: ["unavailable"],
    8: ["canceled"],
    11: ["resource_exhausted"],
    12: ["permission_denied"],
  }).map(([code, unary]) => ({ name: `RST_STREAM ${code}`, does: reset(Number(code)), unary })),
  {
    name: "RST_STREAM in the middle of an answer",
    async does(to, id) {
      await to.headers(id, OK);
      await to.data(id, good.subarray(0, 7));
      await to.write(frame(FrameType.RST_STREAM, Flag.NONE, id, uint32(2)));
    },
    unary: "internal",
  },
  {
    name: "GOAWAY before a good answer",
    async does(to, id) {
      await to.write(frame(FrameType.GOAWAY, Flag.NONE, 0, uint32(id, 0)));
      await answer(to, id, good);
    },
    unary: "ok",
  },
  {
    name: "GOAWAY that leaves the call out, and the end of the connection",
    async does(to) {
      await to.write(frame(FrameType.GOAWAY, Flag.NONE, 0, uint32(0, 0)));
      await sleep(20);
      to[Symbol.dispose]();
    },
    unary: "ok", // Who is told that a call was not begun may make it again.
  },
  {
    name: "RST_STREAM that says that the call was not begun",
    does: (to, id) => to.write(frame(FrameType.RST_STREAM, Flag.NONE, id, uint32(7))),
    unary: "ok",
  },
  {
    name: "the end of the connection",
    does: (to) => to[Symbol.dispose](),
    unary: "unavailable",
  },
  {
    name: "the end of the connection in the middle of an answer",
    async does(to, id) {
      await to.headers(id, OK);
      await to.data(id, good.subarray(0, 7));
      to[Symbol.dispose]();
    },
    unary: "unavailable",
  },
  {
    name: "fields that cannot be read",
    does: (to, id) => to.write(frame(1, Flag.END_HEADERS, id, new Uint8Array(40).fill(0xff))),
    unary: "unavailable",
  },
  {
    name: "noise",
    does: (to) => to.write(new Uint8Array(4_096).fill(0xa5)),
    unary: "unavailable",
  },
  {
    name: "a flood of PING before a good answer",
    async does(to, id) {
      const pings = Array.from({ length: 500 }, () => frame(6, 0, 0, new Uint8Array(8)));
      await to.write(...pings);
      await answer(to, id, good);
    },
    unary: "ok",
  },
  {
    name: "no answer until after the deadline, and then RST_STREAM CANCEL",
    async does(to, id) {
      await sleep(DEADLINE_MS);
      // At once, as servers do whose own clock says so, before the timer here has a tick.
      await to.write(frame(FrameType.RST_STREAM, Flag.NONE, id, uint32(8)));
    },
    unary: "deadline_exceeded",
  },
  { name: "no answer", does: () => {}, unary: "deadline_exceeded" },
  {
    name: "an answer without an end",
    async does(to, id) {
      await to.headers(id, OK);
      await to.data(id, good);
    },
    unary: "deadline_exceeded",
  },
];

const DEADLINE_MS = 400;

function open(does: Case["does"]) {
  let requests = 0;
  const server = new RawServer((to, id) => requests++ === 0 ? does(to, id) : answer(to, id, good));
  const connection = grpcTransport({ maxReceiveBytes: 1_000, maxBackoffMs: 20 }).open(
    server.address,
  );
  return {
    server,
    connection,
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      sharedDeadlines[Symbol.dispose]();
      await sleep(60); // Sockets close in their own time.
    },
  };
}

type Opened = ReturnType<typeof open>;

const KINDS = {
  unary: async ({ connection }: Opened, call: OutgoingCall) =>
    (await connection.unary(say, echo("a"), call)).text,
  stream: async ({ connection }: Opened, call: OutgoingCall) => {
    const requests = (async function* () {
      yield echo("a");
    })();
    let last = "hello";
    for await (const { text } of connection.stream(chat, requests, call)) last = text;
    return last;
  },
};

for (const { name, does, ...expected } of CASES) {
  for (const kind of ["unary", "stream"] as const) {
    const codes = [expected[kind] ?? expected.unary].flat();
    Deno.test(`a client (${kind}) that gets ${name} ends with ${codes.join(" or ")}, and calls on`, async () => {
      await using it = await open(does);
      using deadline = new Deadline(codes[0] === "deadline_exceeded" ? DEADLINE_MS : 5_000);
      const call = { metadata: undefined, deadline, signal: undefined };
      if (codes[0] === "ok") assertEquals(await KINDS[kind](it, call), "hello");
      else {
        const error = await assertRejects(() => KINDS[kind](it, call), ServiceError);
        assert(codes.includes(error.code), `${error.code}: ${error.message}`);
        if (expected.message) assertEquals(error.message, expected.message);
      }
      using later = new Deadline(5_000);
      const next = { metadata: undefined, deadline: later, signal: undefined, waitForReady: true };
      assertEquals(await KINDS[kind](it, next), "hello");
    });
  }
}

for (
  const [name, hello] of [
    ["that says nothing", []],
    ["that speaks HTTP/1.1", [new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n")]],
    ["that allows no streams", [settings([3, 0])]],
    ["that allows no data", [settings([4, 0])]],
  ] as const
) {
  Deno.test(`a client of a server ${name} waits no longer than its deadline`, async () => {
    await using server = new RawServer(() => {}, hello);
    const connection = grpcTransport({ maxBackoffMs: 20 }).open(server.address);
    using deadline = new Deadline(200);
    const call = { metadata: undefined, deadline, signal: undefined };
    const startedMs = systemClock.now();
    const error = await assertRejects(() => connection.unary(say, echo("a"), call), ServiceError);
    assert(["deadline_exceeded", "unavailable"].includes(error.code), error.code);
    assert(systemClock.now() - startedMs < 1_000);
    await connection[Symbol.asyncDispose]();
    sharedDeadlines[Symbol.dispose]();
    await sleep(60);
  });
}

Deno.test("failureOf() calls what breaks while a request is written unavailable", async () => {
  const details = "Received RST_STREAM with code 2 triggered by internal client error: write EPIPE";
  const status = { code: 13, details, metadata: new WireMetadata() };
  const facts = {
    path: "/a.B/C",
    deadline: undefined,
    hasLeft: true,
    stillConnected: () => Promise.resolve(true),
  };
  const error = await failureOf(status, new Metadata(), facts);
  assert(error instanceof ServiceError);
  assertEquals([error.code, error.message], [
    "unavailable",
    "Cannot finish /a.B/C: the connection broke",
  ]);
});
