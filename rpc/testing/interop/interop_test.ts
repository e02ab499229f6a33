import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { noopLogger } from "../../../core/log/logger.ts";
import { systemClock } from "../../../core/clock.ts";
import { RpcClient } from "../../client/rpc_client.ts";
import { RpcServer } from "../../server/rpc_server.ts";
import { INTEROP_CASES } from "./cases.ts";
import { testService as service } from "./test.gen.ts";
import { testService } from "./test_service.ts";

const PEER = fromFileUrl(new URL("testdata/grpc_js_peer.js", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../../deno.json", import.meta.url));

async function startServer(listenOn: string): Promise<RpcServer> {
  const server = new RpcServer({ Name: "interop", ListenOn: listenOn }, { log: noopLogger });
  await server.add(service, testService).start();
  return server;
}

function peer(...args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--config", CONFIG, PEER, ...args],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
}

async function runCases(step: Deno.TestContext, target: string): Promise<void> {
  const client = new RpcClient({ Target: target }, { log: noopLogger });
  await client.ready(20_000);
  for (const [name, run] of Object.entries(INTEROP_CASES)) {
    await step.step(name, () => run(client));
  }
  await client[Symbol.asyncDispose]();
  await systemClock.sleep(60, { keepAlive: true }); // Sockets close in their own time.
}

/** Calls are cancelled in all ways here, and what they leave behind ends in its own time. */
const LEAVES = { sanitizeOps: false, sanitizeResources: false };

for (const listenOn of ["127.0.0.1:0", "inproc:///interop"]) {
  Deno.test(`the interoperability tests pass between ours at ${listenOn}`, LEAVES, async (step) => {
    const server = await startServer(listenOn);
    await runCases(step, listenOn.startsWith("inproc") ? listenOn : server.address);
    await server.stop();
  });
}

Deno.test(
  "the interoperability tests pass from our client to a bare grpc-js server",
  LEAVES,
  async (step) => {
    const process = peer("server");
    const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const { value = "" } = await reader.read();
    await runCases(step, `127.0.0.1:${value.trim()}`);
    await process.stdin.close();
    while (!(await reader.read()).done) { /* Until it has ended. */ }
    await process.status;
  },
);

Deno.test(
  "the interoperability tests pass from a bare grpc-js client to our server",
  LEAVES,
  async () => {
    const server = await startServer("127.0.0.1:0");
    const process = peer("client", server.address);
    await process.stdin.close();
    const { stdout } = await process.output();
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    await server.stop();
    assertEquals(lines, Object.keys(INTEROP_CASES).map((name) => `ok ${name}`));
    await systemClock.sleep(60, { keepAlive: true });
  },
);
