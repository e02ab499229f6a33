/**
 * Servers and clients of ours.
 *
 * @module
 */

import { runAmbient } from "../../../../core/ambient.ts";
import { systemClock } from "../../../../core/clock.ts";
import { grpcNumberOf, ServiceError } from "../../../../core/errors.ts";
import { noopLogger } from "../../../../core/log/logger.ts";
import { MetricRegistry } from "../../../../core/metric/registry.ts";
import { PassedSpan } from "../../../../core/trace/passed_span.ts";
import { rpcClientConfig } from "../../../client/config.ts";
import { RpcClient } from "../../../client/rpc_client.ts";
import type { Metadata } from "../../../metadata.ts";
import { rpcServerConfig } from "../../../server/config.ts";
import { RpcServer } from "../../../server/rpc_server.ts";
import { RedisTokenStore } from "../../../../store/redis/token_store.ts";
import { INTEROP_CASES } from "../cases.ts";
import { observingService } from "./observing_service.ts";
import type { Caller, Config, Instance, Order, Outcome, Report, Side } from "./side.ts";
import { SimpleRequest, testService } from "../test.gen.ts";

/** The side of ours; servers and clients live in this process. */
export const zenoSide: Side = {
  name: "Zeno",
  async serve(given: Config): Promise<Instance> {
    const config = rpcServerConfig.parse(given);
    const tokens = config.Redis && await RedisTokenStore.connect(config.Redis);
    const options = { log: noopLogger, metrics: new MetricRegistry(), tokens };
    const server = new RpcServer(config, options);
    await server.add(testService, observingService(config.Name)).start();
    return {
      async [Symbol.asyncDispose]() {
        await server.stop();
        await tokens?.[Symbol.asyncDispose]();
      },
    };
  },
  open(config: Config): Caller {
    const client = openClient(config);
    return {
      call: (order) => carryOut(order, client),
      [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
    };
  },
  async interop(config: Config): Promise<Outcome[]> {
    await using client = openClient(config);
    return await runInterop(client);
  },
};

/** Makes the interoperability tests of gRPC with a client of ours. */
export async function runInterop(client: RpcClient): Promise<Outcome[]> {
  await client.ready(20_000);
  const outcomes: Outcome[] = [];
  for (const [name, run] of Object.entries(INTEROP_CASES)) {
    const fault = await run(client).then(() => undefined, String);
    outcomes.push({ name, fault });
  }
  return outcomes;
}

function openClient(config: Config): RpcClient {
  const options = { log: noopLogger, metrics: new MetricRegistry() };
  return new RpcClient(rpcClientConfig.parse(config), options);
}

type Sums = {
  -readonly [K in keyof Report]: Report[K] extends Readonly<Record<string, infer V>>
    ? Record<string, V>
    : Report[K];
};

async function carryOut(order: Order, client: RpcClient): Promise<Report> {
  const sums: Sums = { codes: {}, instances: {}, header: {}, message: "", bytes: 0, maxMs: 0 };
  let left = order.calls;
  const work = async () => {
    while (left-- > 0) {
      const startedMs = systemClock.now();
      await call(order, client, sums);
      sums.maxMs = Math.max(sums.maxMs, systemClock.now() - startedMs);
      if (order.pauseMs) await systemClock.sleep(order.pauseMs, { keepAlive: true });
    }
  };
  await Promise.all(Array.from({ length: order.concurrency }, work));
  return sums;
}

async function call(order: Order, client: RpcClient, sums: Sums): Promise<void> {
  const { timeoutMs, metadata, trace, code = 0, message = "", size = 0 } = order;
  const request = SimpleRequest.create({ responseSize: size, responseStatus: { code, message } });
  const onHeader = (header: Metadata) => {
    const instance = header.get("x-instance");
    if (instance) count(sums.instances, instance);
    for (const [name, value] of header) {
      if (typeof value === "string") sums.header[name] = value;
    }
  };
  const send = () => client.stub(testService).unaryCall(request, { timeoutMs, metadata, onHeader });
  const ids = trace && { traceId: trace, spanId: "0100000000000000", sampled: true };
  try {
    const answer = await (ids ? runAmbient({ span: new PassedSpan(ids) }, send) : send());
    sums.bytes = answer.payload?.body.length ?? 0;
    count(sums.codes, "0");
  } catch (thrown) {
    const error = ServiceError.from(thrown);
    sums.message = error.message;
    count(sums.codes, String(grpcNumberOf(error.code)));
  }
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
