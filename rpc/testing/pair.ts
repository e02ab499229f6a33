/**
 * A server and a client of the echo service, for tests and benches.
 *
 * @module
 */

import { DeadlineWheel } from "../../core/async/deadline_wheel.ts";
import { systemClock } from "../../core/clock.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { DebugRegistry } from "../../core/admin/debug_registry.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import type { RpcClientConfInput } from "../client/config.ts";
import type { Stub } from "../client/handler.ts";
import type { RpcClientOptions } from "../client/options.ts";
import { RpcClient } from "../client/rpc_client.ts";
import type { RpcServerConfInput } from "../server/config.ts";
import type { Implementation } from "../server/handler.ts";
import { RpcServer, type RpcServerOptions } from "../server/rpc_server.ts";
import { inprocTransport } from "../transport/inproc/client_transport.ts";
import { InprocNetwork } from "../transport/inproc/network.ts";
import { inprocServerTransport } from "../transport/inproc/server_transport.ts";
import { echo, type EchoMethods, echoService } from "./echo_service.ts";

/** Which transport a pair uses. */
export type PairKind = "inproc" | "grpc_js";

/** Options for {@link openPair}. */
export interface PairOptions {
  /** Functions in the place of those that echo. */
  handlers?: Partial<Implementation<EchoMethods>>;
  /** Configuration of the server. */
  server?: Partial<RpcServerConfInput>;
  /** Options of the server. */
  serverOptions?: RpcServerOptions;
  /** Configuration of the client. */
  client?: RpcClientConfInput;
  /** Options of the client. */
  clientOptions?: RpcClientOptions;
  /** What is done with the server before it starts. */
  prepare?: (server: RpcServer) => void;
}

/** A server and a client that calls it. */
export interface Pair extends AsyncDisposable {
  /** The server. */
  readonly server: RpcServer;
  /** The client. */
  readonly client: RpcClient;
  /** The functions that call the service. */
  readonly stub: Stub<EchoMethods>;
  /** What both have logged. */
  readonly log: MemoryLog;
  /** The figures of both. */
  readonly metrics: MetricRegistry;
}

/** The functions of an echo service. */
export const echoHandlers: Implementation<EchoMethods> = {
  say: (request) => request,
  look: (request) => request,
  async *count({ number }) {
    for (let i = 1; i <= number; i++) yield echo(String(i), i);
  },
  async sum(requests) {
    let total = 0;
    for await (const { number } of requests) total += number;
    return echo("", total);
  },
  async *chat(requests) {
    for await (const request of requests) yield request;
  },
};

/** Starts a server and makes a client of it. */
export async function openPair(kind: PairKind, options: PairOptions = {}): Promise<Pair> {
  const log = new MemoryLog();
  const metrics = new MetricRegistry();
  const network = new InprocNetwork();
  const inproc = kind === "inproc";
  const server = new RpcServer({
    Name: "echo",
    ListenOn: inproc ? "inproc:///echo" : "127.0.0.1:0",
    ...options.server,
  }, {
    log,
    metrics,
    debug: new DebugRegistry(),
    ...inproc ? { transport: inprocServerTransport(network) } : {},
    ...options.serverOptions,
  });
  server.add(echoService, { ...echoHandlers, ...options.handlers });
  options.prepare?.(server);
  await server.start();
  const deadlines = new DeadlineWheel();
  const client = new RpcClient({
    Target: inproc ? "inproc:///echo" : server.address,
    ...options.client,
  }, {
    log,
    metrics,
    deadlines,
    ...inproc ? { transport: inprocTransport(network) } : {},
    ...options.clientOptions,
  });
  await client.ready();
  // Deadlines do not keep the process alive, so something else must.
  const alive = systemClock.setTimer(() => {}, 30_000, { keepAlive: true });
  return {
    server,
    client,
    stub: client.stub(echoService),
    log,
    metrics,
    async [Symbol.asyncDispose]() {
      alive.cancel();
      await client[Symbol.asyncDispose]();
      await server.stop();
      deadlines[Symbol.dispose]();
      // Sockets close in their own time.
      if (!inproc) await systemClock.sleep(60, { keepAlive: true });
    },
  };
}
