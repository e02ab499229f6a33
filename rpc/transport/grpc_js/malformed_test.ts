import { assert, assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { once } from "node:events";
import http2 from "node:http2";
import { gzipSync } from "node:zlib";
import { systemClock } from "../../../core/clock.ts";
import { echo, echoMessage, echoService } from "../../testing/echo_service.ts";
import { grpcTransport } from "./client_transport.ts";
import { grpcServerTransport } from "./server_transport.ts";

const { say } = echoService.methods;
const sleep = (ms: number) => systemClock.sleep(ms, { keepAlive: true });

/** A message with its prefix. */
function frame(body: Uint8Array, options: { flag?: number; length?: number } = {}): Uint8Array {
  const { flag = 0, length = body.length } = options;
  const bytes = new Uint8Array(5 + body.length);
  bytes[0] = flag;
  new DataView(bytes.buffer).setUint32(1, length);
  bytes.set(body, 5);
  return bytes;
}

const good = echoMessage.encode(echo("hello"));
const twice = new Uint8Array([...frame(good), ...frame(good)]);
const bomb = new Uint8Array(gzipSync(new Uint8Array(8 << 20)));

interface Case {
  name: string;
  bytes: Uint8Array;
  headers?: Record<string, string>;
  /** The codes of which one is right; none for an answer that is not gRPC's. */
  codes: readonly string[];
}

const CASES: Case[] = [
  { name: "a good message", bytes: frame(good), codes: ["0"] },
  { name: "no message", bytes: new Uint8Array(), codes: ["12", "13"] },
  { name: "two messages where one is wanted", bytes: twice, codes: ["12", "13"] },
  { name: "half a prefix", bytes: new Uint8Array([0, 0, 0]), codes: ["12", "13"] },
  { name: "less than the prefix says", bytes: frame(good, { length: 100 }), codes: ["12", "13"] },
  { name: "a message that is too large", bytes: frame(good, { length: 2 ** 31 }), codes: ["8"] },
  { name: "what is no protobuf", bytes: frame(new Uint8Array([7, 255, 255])), codes: ["13"] },
  {
    name: "compression that nobody agreed on",
    bytes: frame(good, { flag: 1 }),
    codes: ["0", "12", "13"],
  },
  {
    name: "an unknown compression",
    bytes: frame(good, { flag: 1 }),
    headers: { "grpc-encoding": "brotli" },
    codes: ["12"],
  },
  {
    name: "what is no gzip",
    bytes: frame(good, { flag: 1 }),
    headers: { "grpc-encoding": "gzip" },
    codes: ["13"],
  },
  {
    name: "what inflates beyond the limit",
    bytes: frame(bomb, { flag: 1 }),
    headers: { "grpc-encoding": "gzip" },
    codes: ["8"],
  },
  {
    name: "a timeout that is none",
    bytes: frame(good),
    headers: { "grpc-timeout": "soon" },
    codes: ["13"],
  },
  {
    name: "a type that is not gRPC's",
    bytes: frame(good),
    headers: { "content-type": "text/plain" },
    codes: [],
  },
  {
    name: "a method that there is not",
    bytes: frame(good),
    headers: { ":path": "/a/b" },
    codes: ["12"],
  },
];

async function open() {
  const listener = await grpcServerTransport({ maxReceiveBytes: 1 << 20 }).listen(
    [{ kind: "unary", method: say, handle: (request) => request }],
    "127.0.0.1:0",
  );
  return {
    address: listener.address,
    async [Symbol.asyncDispose]() {
      listener.close();
      await sleep(80); // Sockets close in their own time.
    },
  };
}

/** The code that one request is answered with; `http` and the status if the answer is not gRPC's. */
async function post(address: string, { bytes, headers }: Case): Promise<string> {
  const session = http2.connect(`http://${address}`);
  session.on("error", () => {});
  const stream = session.request({
    ":method": "POST",
    ":path": say.path,
    "content-type": "application/grpc",
    te: "trailers",
    ...headers,
  });
  let code = "";
  const seen = (got: http2.IncomingHttpHeaders) => {
    if (got["grpc-status"] !== undefined) code = String(got["grpc-status"]);
    else if (Number(got[":status"]) !== 200) code ||= `http ${got[":status"]}`;
  };
  stream.on("response", seen);
  stream.on("trailers", seen);
  stream.on("error", () => {});
  stream.resume();
  stream.end(Buffer.from(bytes));
  await Promise.race([once(stream, "close"), sleep(3_000)]);
  session.destroy();
  return code;
}

for (const each of CASES) {
  Deno.test({
    name: `a server answers ${each.name} with the right status, and serves on`,
    sanitizeOps: false, // The raw client's socket outlives it.
    sanitizeResources: false,
    async fn() {
      await using server = await open();
      const code = await post(server.address, each);
      if (each.codes.length === 0) assert(code === "" || code.startsWith("http 4"), code);
      else assert(each.codes.includes(code), `answered with ${JSON.stringify(code)}`);
      await using connection = grpcTransport().open(server.address);
      const call = { metadata: undefined, deadline: undefined, signal: undefined };
      assertEquals((await connection.unary(say, echo("after"), call)).text, "after");
    },
  });
}

const RAW: { name: string; bytes: Uint8Array }[] = [
  { name: "HTTP/1.1", bytes: new TextEncoder().encode("GET / HTTP/1.1\r\nhost: a\r\n\r\n") },
  { name: "noise", bytes: crypto.getRandomValues(new Uint8Array(4096)) },
  {
    name: "half a preface",
    bytes: new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM"),
  },
  {
    name: "a frame larger than allowed",
    bytes: new Uint8Array([
      ...new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
      ...[0, 0, 0, 4, 0, 0, 0, 0, 0],
      ...[0xff, 0xff, 0xff, 1, 4, 0, 0, 0, 1],
      ...new Uint8Array(64),
    ]),
  },
  {
    name: "DATA on a stream that is not open",
    bytes: new Uint8Array([
      ...new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
      ...[0, 0, 0, 4, 0, 0, 0, 0, 0],
      ...[0, 0, 4, 0, 1, 0, 0, 0, 7, 1, 2, 3, 4],
    ]),
  },
];

for (const { name, bytes } of RAW) {
  Deno.test({
    name: `a server survives ${name} on its port`,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using server = await open();
      const [hostname, port] = server.address.split(":");
      const socket = await Deno.connect({ hostname: hostname!, port: Number(port) });
      await socket.write(bytes).catch(() => {});
      await sleep(50);
      socket.close();
      await using connection = grpcTransport().open(server.address);
      const call = { metadata: undefined, deadline: undefined, signal: undefined };
      assertEquals((await connection.unary(say, echo("after"), call)).text, "after");
    },
  });
}
