import { assertEquals } from "@std/assert";
import { noopLogger } from "../../../core/log/logger.ts";
import { systemClock } from "../../../core/clock.ts";
import { RpcClient } from "../../client/rpc_client.ts";
import { RpcServer } from "../../server/rpc_server.ts";
import { grpcTransport } from "../../transport/grpc_js/client_transport.ts";
import { INTEROP_CASES } from "./cases.ts";
import { COMPRESSION_CASES } from "./compression_cases.ts";
import { NodePeer } from "./node_peer.ts";
import { testService as service } from "./test.gen.ts";
import { testService } from "./test_service.ts";

async function startServer(listenOn: string): Promise<RpcServer> {
  const server = new RpcServer({ Name: "interop", ListenOn: listenOn }, { log: noopLogger });
  await server.add(service, testService).start();
  return server;
}

async function openClient(target: string, compression?: "gzip"): Promise<RpcClient> {
  const transport = compression && grpcTransport({ compression });
  const client = new RpcClient({ Target: target }, { log: noopLogger, transport });
  await client.ready(20_000);
  return client;
}

async function runCases(step: Deno.TestContext, target: string): Promise<void> {
  const client = await openClient(target);
  for (const [name, run] of Object.entries(INTEROP_CASES)) {
    await step.step(name, () => run(client));
  }
  await client[Symbol.asyncDispose]();
  await systemClock.sleep(60, { keepAlive: true }); // Sockets close in their own time.
}

async function runCompressed(step: Deno.TestContext, target: string, probes: boolean) {
  const clients = { plain: await openClient(target), gzip: await openClient(target, "gzip") };
  for (const [name, run] of Object.entries(COMPRESSION_CASES)) {
    await step.step(name, () => run(clients, { probes }));
  }
  await clients.plain[Symbol.asyncDispose]();
  await clients.gzip[Symbol.asyncDispose]();
  await systemClock.sleep(60, { keepAlive: true });
}

/** Calls are cancelled in all ways here, and what they leave behind ends in its own time. */
const LEAVES = { sanitizeOps: false, sanitizeResources: false };

for (const listenOn of ["127.0.0.1:0", "inproc:///interop"]) {
  Deno.test(`the interoperability tests pass between ours at ${listenOn}`, LEAVES, async (step) => {
    const server = await startServer(listenOn);
    const inproc = listenOn.startsWith("inproc");
    await runCases(step, inproc ? listenOn : server.address);
    if (!inproc) await runCompressed(step, server.address, false);
    await server.stop();
  });
}

Deno.test(
  "the interoperability tests pass from our client to a bare grpc-js server on Node",
  LEAVES,
  async (step) => {
    await using peer = await NodePeer.prepare();
    const process = peer.start("server");
    const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const { value = "" } = await reader.read();
    const address = `127.0.0.1:${value.trim()}`;
    await runCases(step, address);
    await runCompressed(step, address, true);
    await process.stdin.close();
    while (!(await reader.read()).done) { /* Until it has ended. */ }
    await process.status;
  },
);

Deno.test(
  "the interoperability tests pass from a bare grpc-js client on Node to our server",
  LEAVES,
  async () => {
    await using peer = await NodePeer.prepare();
    const server = await startServer("127.0.0.1:0");
    const process = peer.start("client", server.address);
    await process.stdin.close();
    const { stdout } = await process.output();
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    await server.stop();
    const names = [...Object.keys(INTEROP_CASES), ...Object.keys(COMPRESSION_CASES)];
    assertEquals(lines, names.map((name) => `ok ${name}`));
    await systemClock.sleep(60, { keepAlive: true });
  },
);
