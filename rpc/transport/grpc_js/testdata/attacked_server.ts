// A server that tests attack, in a process of its own: it prints where it listens, and ends with its input.
// `Look` tells how many handlers are at work and how much memory is in use. Needs `--v8-flags=--expose-gc`.

import { echo, echoService } from "../../../testing/echo_service.ts";
import { grpcServerTransport } from "../server_transport.ts";

const { say, look, chat } = echoService.methods;
let live = 0;

async function* hold(requests: AsyncIterable<unknown>) {
  live++;
  try {
    for await (const request of requests) yield request;
  } finally {
    live--;
  }
}

const listener = await grpcServerTransport({ maxIdleMs: 60_000 }).listen([
  { kind: "unary", method: say, handle: (request) => request },
  { kind: "stream", method: chat, handle: hold },
  {
    kind: "unary",
    method: look,
    handle() {
      (globalThis as { gc?: () => void }).gc?.();
      const { heapUsed, external, rss } = Deno.memoryUsage();
      return echo(JSON.stringify({ live, usedMb: (heapUsed + external) / 2 ** 20, rssMb: rss / 2 ** 20 }));
    },
  },
], "127.0.0.1:0");
console.log(listener.address);
await Deno.stdin.read(new Uint8Array(1));
Deno.exit();
