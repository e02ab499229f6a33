/**
 * Servers behind proxies that can harm them, and a client of all.
 *
 * @module
 */

import { systemClock } from "../../../core/clock.ts";
import { noopLogger } from "../../../core/log/logger.ts";
import { MetricRegistry } from "../../../core/metric/registry.ts";
import { FaultProxy } from "../../../core/testing/fault_proxy.ts";
import type { RpcClientConfInput } from "../../client/config.ts";
import type { ClientInterceptor } from "../../client/handler.ts";
import type { RpcClientOptions } from "../../client/options.ts";
import { RpcClient } from "../../client/rpc_client.ts";
import { BackendProcess } from "./backend_process.ts";

/** Waits, and keeps the process alive meanwhile. */
export const sleep = (ms: number): Promise<void> => systemClock.sleep(ms, { keepAlive: true });

/** Servers behind proxies, and a client of all. */
export interface Cluster extends AsyncDisposable {
  /** The servers. */
  readonly backends: BackendProcess;
  /** What stands before each. */
  readonly proxies: readonly FaultProxy[];
  /** Calls them. */
  readonly client: RpcClient;
  /** How many calls each got last, those included that have not arrived. */
  readonly given: ReadonlyMap<string, number>;
}

/** Starts servers, and a client that reaches them through proxies. */
export async function openCluster(
  servers: number,
  config: RpcClientConfInput = {},
  options: RpcClientOptions = {},
): Promise<Cluster> {
  const backends = await BackendProcess.start({ servers });
  const proxies = backends.addresses.map((address) => {
    const [hostname, port] = address.split(":");
    return FaultProxy.listen({ hostname, port: Number(port) });
  });
  const given = new Map<string, number>();
  const client = new RpcClient({ Endpoints: proxies.map(({ address }) => address), ...config }, {
    log: noopLogger,
    metrics: new MetricRegistry(),
    ...options,
    interceptors: [countPeers(given), ...options.interceptors ?? []],
  });
  await client.ready(10_000);
  await sleep(200); // The others.
  return {
    backends,
    proxies,
    client,
    given,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      for (const proxy of proxies) await proxy[Symbol.asyncDispose]();
      await backends[Symbol.asyncDispose]();
    },
  };
}

function countPeers(given: Map<string, number>): ClientInterceptor {
  return {
    unary: (next) => (request, call) => {
      const answer = next(request, call);
      const count = () => {
        const { peer } = call;
        if (peer !== undefined) given.set(peer, (given.get(peer) ?? 0) + 1);
      };
      answer.then(count, count);
      return answer;
    },
  };
}
