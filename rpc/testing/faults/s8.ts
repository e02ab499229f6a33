/**
 * S8: rolling restarts, and a configuration that changes again and again.
 *
 * @module
 */

import { DebugRegistry } from "../../../core/admin/debug_registry.ts";
import { ConfigCenter } from "../../../core/conf/center/config_center.ts";
import { MemoryConfigSource } from "../../../core/conf/center/memory_source.ts";
import { textParser } from "../../../core/conf/center/parser.ts";
import { noopLogger } from "../../../core/log/logger.ts";
import { MetricRegistry } from "../../../core/metric/registry.ts";
import { RpcClient } from "../../client/rpc_client.ts";
import { rpcServerConfig } from "../../server/config.ts";
import { RpcServer } from "../../server/rpc_server.ts";
import { echo, echoService } from "../echo_service.ts";
import { echoHandlers } from "../pair.ts";
import { BackendProcess } from "./backend_process.ts";
import { sleep } from "./cluster.ts";
import { heapMiB } from "./footprint.ts";
import { Load } from "./load.ts";
import { atMost, noneFails, type Row } from "./row.ts";
import { SHUTDOWN } from "./s7.ts";

const RESTARTS = 20;
const RELOADS = 1_000;

/** Restarts servers under load, and reloads a configuration. */
export async function* s8({ perSecond = 300 }: { perSecond?: number }): AsyncGenerator<Row> {
  yield* rolling(perSecond);
  yield* reloads(perSecond);
}

async function* rolling(perSecond: number): AsyncGenerator<Row> {
  const start = (address?: string) =>
    BackendProcess.start({
      servers: 1,
      asService: true,
      config: { Shutdown: SHUTDOWN, ...address ? { ListenOn: address } : {} },
    });
  const backends = await Promise.all([1, 2, 3].map(() => start()));
  const addresses = backends.flatMap((backend) => backend.addresses);
  const client = new RpcClient({ Endpoints: addresses, Timeout: 2_000 }, {
    log: noopLogger,
    metrics: new MetricRegistry(),
  });
  await client.ready(10_000);
  const { say } = client.stub(echoService);
  const load = new Load(() => say(echo("a")), perSecond);
  await sleep(1_000);
  let longestMs = 0;
  for (let restart = 0; restart < RESTARTS; restart++) {
    const index = restart % backends.length;
    backends[index]!.kill("SIGTERM");
    await backends[index]!.status;
    await backends[index]![Symbol.asyncDispose]();
    backends[index] = await start(addresses[index]);
    const upMs = load.nowMs;
    while (load.nowMs - upMs < 10_000 && (await backends[index]!.counts())[0] === 0) {
      await sleep(20);
    }
    longestMs = Math.max(longestMs, load.nowMs - upMs);
    await sleep(300);
  }
  await load.stop();
  await client[Symbol.asyncDispose]();
  for (const backend of backends) await backend[Symbol.asyncDispose]();
  const what = `${RESTARTS} rolling restarts of three at the same addresses`;
  yield noneFails("S8", what, load.samples);
  yield atMost("S8", `${what}: longest until one gets calls again`, longestMs / 1_000, 5, " s");
}

async function* reloads(perSecond: number): AsyncGenerator<Row> {
  const textOf = (timeout: number) =>
    JSON.stringify({ Name: "reload", ListenOn: "127.0.0.1:0", CpuThreshold: 0, Timeout: timeout });
  const source = new MemoryConfigSource(textOf(2_000));
  const parse = textParser(rpcServerConfig);
  await using center = await ConfigCenter.open(source, parse, { logger: noopLogger });
  const metrics = new MetricRegistry();
  await using server = new RpcServer(center.get(), {
    log: noopLogger,
    metrics,
    debug: new DebugRegistry(),
  }).add(echoService, echoHandlers);
  await server.start();
  using _reload = center.attach(server);
  await using client = new RpcClient({ Target: server.address }, { log: noopLogger, metrics });
  const { say } = client.stub(echoService);
  await client.ready();
  const load = new Load(() => say(echo("a")), perSecond);
  const change = async (from: number, to: number) => {
    for (let i = from; i < to; i++) {
      source.set(textOf(1_000 + i % 500));
      await sleep(4);
    }
    await sleep(500);
    return heapMiB();
  };
  const before = await change(0, RELOADS / 2);
  const after = await change(RELOADS / 2, RELOADS);
  await load.stop();
  yield noneFails("S8", `${RELOADS} reloads`, load.samples);
  yield atMost(
    "S8",
    `${RELOADS} reloads: heap added by the second half`,
    after - before,
    4,
    " MiB",
  );
}
