/**
 * Instances within the process, and a client of all, for tests of clients.
 *
 * @module
 */

import { DeadlineWheel } from "../../core/async/deadline_wheel.ts";
import { systemClock } from "../../core/clock.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import type { RpcClientConfInput } from "../client/config.ts";
import type { Stub } from "../client/handler.ts";
import type { RpcClientOptions } from "../client/options.ts";
import { RpcClient } from "../client/rpc_client.ts";
import { inprocTransport } from "../transport/inproc/client_transport.ts";
import { InprocNetwork } from "../transport/inproc/network.ts";
import { inprocServerTransport } from "../transport/inproc/server_transport.ts";
import type { IncomingCall, ServedMethod, TransportListener } from "../transport/transport.ts";
import { type Echo, type EchoMethods, echoService } from "./echo_service.ts";
import { TestResolver } from "./test_resolver.ts";

/** Answers a call of one message. */
export type InstanceHandler = (request: Echo, call: IncomingCall) => unknown;

/** Instances, and a client of all. */
export interface Instances extends AsyncDisposable {
  /** Calls them. */
  readonly client: RpcClient;
  /** The functions that call them. */
  readonly stub: Stub<EchoMethods>;
  /** The calls that each has got. */
  readonly counts: Record<string, number>;
  /** Tells the client of them. */
  readonly resolver: TestResolver;
  /** What the client has logged. */
  readonly log: MemoryLog;
  /** Adds an instance, of which the resolver does not tell. */
  listen(name: string, handler: InstanceHandler): Promise<TransportListener>;
}

/** Starts instances by name, and makes a client of all that takes turns, unless told otherwise. */
export async function openInstances(
  instances: Record<string, InstanceHandler>,
  options: RpcClientOptions = {},
  config: RpcClientConfInput = {},
): Promise<Instances> {
  const network = new InprocNetwork();
  const counts: Record<string, number> = {};
  const listen = (name: string, handler: InstanceHandler) => {
    counts[name] = 0;
    const handle = (request: unknown, call: IncomingCall) => {
      counts[name]!++;
      return handler(request as Echo, call);
    };
    const { say, look } = echoService.methods;
    const methods: ServedMethod[] = [say, look].map((method) => ({
      kind: "unary",
      method,
      handle,
    }));
    return inprocServerTransport(network).listen(methods, name);
  };
  for (const [name, handler] of Object.entries(instances)) await listen(name, handler);
  const resolver = new TestResolver(Object.keys(instances));
  const log = new MemoryLog();
  const deadlines = new DeadlineWheel();
  const client = new RpcClient({
    Target: "direct:///test:1",
    BalancerName: "round_robin",
    ...config,
  }, {
    transport: inprocTransport(network),
    resolver,
    log,
    metrics: new MetricRegistry(),
    deadlines,
    ...options,
  });
  // Deadlines do not keep the process alive, so something else must.
  const alive = systemClock.setTimer(() => {}, 30_000, { keepAlive: true });
  return {
    client,
    stub: client.stub(echoService),
    counts,
    resolver,
    listen,
    log,
    async [Symbol.asyncDispose]() {
      alive.cancel();
      await client[Symbol.asyncDispose]();
      deadlines[Symbol.dispose]();
    },
  };
}
