/**
 * What a call costs: over gRPC beside the bare package, and within the process, where all that is left is ours.
 *
 * Client and server share one process and one thread, so a call costs the sum of both sides. The interceptors of both are on;
 * lines are written for nothing but failures, as in a service whose log is at level `error`.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import { cpuUsage } from "node:process";
// @ts-types="./grpc_js.d.ts"
import { Client, credentials, Server, ServerCredentials } from "@grpc/grpc-js";
import { type Echo, echo, echoMessage, echoService } from "../../rpc/testing/echo_service.ts";
import { echoHandlers } from "../../rpc/testing/pair.ts";
import { RpcClient } from "../../rpc/client/rpc_client.ts";
import { RpcServer } from "../../rpc/server/rpc_server.ts";
import { createLogger } from "../../core/log/create_logger.ts";
import { bareInproc } from "./bare_inproc.ts";

/** Makes one call. */
type Call = () => Promise<unknown>;

const REQUEST: Echo = echo("hello", 7);
const log = createLogger({ Level: "severe" });

interface Contestant extends AsyncDisposable {
  readonly call: Call;
}

async function bareGrpc(): Promise<Contestant> {
  const { path } = echoService.methods.say;
  const view = (bytes: Uint8Array) =>
    globalThis.Buffer
      ? (globalThis.Buffer as typeof Buffer).from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      : bytes as Buffer;
  const encode = (message: Echo) => view(echoMessage.encode(message));
  const decode = (bytes: Uint8Array) => echoMessage.decode(bytes);
  const server = new Server();
  server.addService({
    say: {
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize: encode,
      requestDeserialize: decode,
      responseSerialize: encode,
      responseDeserialize: decode,
    },
  }, {
    say: (call: { request: Echo }, callback: (error: null, answer: Echo) => void) =>
      callback(null, call.request),
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(
      "127.0.0.1:0",
      ServerCredentials.createInsecure(),
      (error, port) => error ? reject(error) : resolve(port),
    )
  );
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  return {
    call: () =>
      new Promise((resolve, reject) =>
        client.makeUnaryRequest(
          path,
          encode,
          decode,
          REQUEST,
          (error, answer) => error ? reject(error) : resolve(answer),
        )
      ),
    [Symbol.asyncDispose]() {
      client.close();
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}

async function zeno(listenOn: string, handlers = echoHandlers): Promise<Contestant> {
  const server = new RpcServer({ Name: "bench", ListenOn: listenOn }, { log });
  server.add(echoService, handlers);
  await server.start();
  const target = listenOn.startsWith("inproc") ? listenOn : server.address;
  const client = new RpcClient({ Target: target }, { log });
  await client.ready();
  const { say } = client.stub(echoService);
  return {
    call: () => say(REQUEST),
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await server.stop();
    },
  };
}

/** Calls a second with so many in flight, by the time that the processor spent. */
async function measure(call: Call, inFlight: number, calls: number): Promise<number> {
  let left = calls;
  const lane = async () => {
    while (left-- > 0) {
      await call();
      // What watches the event loop would take a loop without a turn for an overloaded one.
      if (left % 128 === 0) await new Promise((resolve) => setTimeout(resolve));
    }
  };
  const before = cpuUsage();
  await Promise.all(Array.from({ length: inFlight }, lane));
  const { user, system } = cpuUsage(before);
  return calls / ((user + system) / 1e6);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

const ROUNDS = Number(Deno.env.get("BENCH_ROUNDS") ?? 9);

async function compareCalls(
  title: string,
  contestants: Readonly<Record<string, Call>>,
  inFlight: number,
  calls: number,
): Promise<void> {
  const names = Object.keys(contestants);
  const rates: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    const order = round % 2 === 0 ? names : names.toReversed();
    for (const name of order) {
      const rate = await measure(contestants[name]!, inFlight, calls);
      if (round > 0) rates[name]!.push(rate);
    }
  }
  console.log(`\n${title}, ${inFlight} in flight, ${ROUNDS} rounds of ${calls}`);
  const base = rates[names[0]!]!;
  for (const name of names) {
    const ratios = rates[name]!.map((rate, round) => rate / base[round]!);
    const us = 1e6 / median(rates[name]!);
    console.log(
      `  ${name.padEnd(28)} ${us.toFixed(2).padStart(9)} us of processor a call   ratio ${
        median(ratios).toFixed(3)
      } (${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)})`,
    );
  }
}

await using bare = await bareGrpc();
await using grpc = await zeno("127.0.0.1:0");
await using inproc = await zeno("inproc:///bench");
// A handler that waits has a context of its own, which carries deadline and trace to all that it calls.
const say = async (request: Echo) => (await undefined, request);
await using waiting = await zeno("inproc:///waiting", { ...echoHandlers, say });
await using transport = await bareInproc(REQUEST);

for (const inFlight of [1, 32, 256]) {
  await compareCalls(
    "Unary over one connection",
    { "bare grpc-js": bare.call, "zeno, interceptors on": grpc.call },
    inFlight,
    5_000,
  );
}
await compareCalls(
  "Unary within the process",
  {
    "inproc transport alone": transport.call,
    "zeno inproc, interceptors on": inproc.call,
    "the same, its handler waits": waiting.call,
    "bare grpc-js": bare.call,
  },
  32,
  20_000,
);
Deno.exit(0);
