/**
 * S7: a server that is told to stop, told twice, and killed, under load.
 *
 * @module
 */

import { systemClock } from "../../../core/clock.ts";
import { noopLogger } from "../../../core/log/logger.ts";
import { MetricRegistry } from "../../../core/metric/registry.ts";
import { RpcClient } from "../../client/rpc_client.ts";
import { echo, echoService } from "../echo_service.ts";
import { BackendProcess } from "./backend_process.ts";
import { sleep } from "./cluster.ts";
import { Load } from "./load.ts";
import { atMost, holds, noneFails, type Row } from "./row.ts";

/** Times short enough for a test, long enough for callers to turn away. */
export const SHUTDOWN = { WrapUpTime: 300, WaitTime: 5_000 };

/** Three services in processes of their own, and a client of all. */
async function open() {
  const backends = await Promise.all(
    [1, 2, 3].map(() =>
      BackendProcess.start({ servers: 1, asService: true, config: { Shutdown: SHUTDOWN } })
    ),
  );
  const client = new RpcClient({
    Endpoints: backends.flatMap(({ addresses }) => addresses),
    Timeout: 2_000,
  }, { log: noopLogger, metrics: new MetricRegistry() });
  await client.ready(10_000);
  await sleep(300);
  return {
    backends,
    client,
    stub: client.stub(echoService),
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      for (const backend of backends) await backend[Symbol.asyncDispose]();
    },
  };
}

/** Stops one of three services in each way. */
export async function* s7({ perSecond = 300 }: { perSecond?: number }): AsyncGenerator<Row> {
  for (const kind of ["say", "look"] as const) {
    await using it = await open();
    const load = new Load(() => it.stub[kind](echo("a")), perSecond);
    await sleep(1_500);
    const startedMs = systemClock.now();
    it.backends[0]!.kill("SIGTERM");
    const { code } = await it.backends[0]!.status;
    const tookMs = systemClock.now() - startedMs;
    await sleep(1_000);
    await load.stop();
    const what = kind === "say" ? "calls that are not made again" : "calls that may be made again";
    yield noneFails("S7", `SIGTERM under load, ${what}`, load.samples);
    yield holds(
      "S7",
      `SIGTERM: exit code 0, after ${tookMs.toFixed(0)} ms`,
      code === 0,
      `code ${code}`,
    );
  }
  yield* twice();
  await using it = await open();
  const load = new Load(() => it.stub.look(echo("a")), perSecond);
  await sleep(1_500);
  it.backends[0]!.kill("SIGKILL");
  await sleep(2_000);
  await load.stop();
  yield noneFails("S7", "SIGKILL under load, calls that may be made again", load.samples);
}

async function* twice(): AsyncGenerator<Row> {
  await using it = await open();
  const [first] = it.backends;
  await first!.behave(0, "hang");
  // The service has calls in flight that do not end.
  const hanging = Array.from({ length: 30 }, () => it.stub.say(echo("a"), { timeoutMs: 30_000 }));
  const ended = Promise.allSettled(hanging);
  await sleep(500);
  first!.kill("SIGTERM");
  await sleep(800);
  const startedMs = systemClock.now();
  first!.kill("SIGTERM");
  await first!.status;
  const tookMs = systemClock.now() - startedMs;
  yield atMost("S7", "SIGTERM twice with calls that hang: time to the end", tookMs, 1_000, " ms");
  await it.client[Symbol.asyncDispose]();
  await ended;
}
