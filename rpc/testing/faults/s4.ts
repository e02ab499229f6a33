/**
 * S4: four tiers that retry, and the last is down.
 *
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";
import { noopLogger } from "../../../core/log/logger.ts";
import { MetricRegistry } from "../../../core/metric/registry.ts";
import { DebugRegistry } from "../../../core/admin/debug_registry.ts";
import { RpcClient } from "../../client/rpc_client.ts";
import { RpcServer } from "../../server/rpc_server.ts";
import { type Echo, echo, echoService } from "../echo_service.ts";
import { echoHandlers } from "../pair.ts";
import { sleep } from "./cluster.ts";
import { failures, Load } from "./load.ts";
import { atMost, holds, type Row } from "./row.ts";

/** Servers, each of which calls the next. */
class Tiers implements AsyncDisposable {
  /** Calls that have come to the last. */
  leafCalls = 0;
  /** Of the last calls, which fail. */
  isDown: (call: number) => boolean = () => true;
  /** Calls the first. */
  client!: RpcClient;
  readonly #parts = new AsyncDisposableStack();

  static async open(count: number, breaker: boolean): Promise<Tiers> {
    const tiers = new Tiers();
    const Middlewares = { Breaker: breaker };
    let next = await tiers.#serve((request) => tiers.#leaf(request), Middlewares);
    for (let tier = count - 1; tier >= 1; tier--) {
      const behind = next;
      next = await tiers.#serve(
        (request) => behind.call(echoService.methods.look, request),
        Middlewares,
      );
    }
    tiers.client = next;
    await next.ready();
    return tiers;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts[Symbol.asyncDispose]();
  }

  /** Starts a server, and makes a client of it. */
  async #serve(
    look: (request: Echo) => Promise<Echo>,
    Middlewares: { Breaker: boolean },
  ): Promise<RpcClient> {
    const shared = { log: noopLogger, metrics: new MetricRegistry() };
    const config = { Name: "tier", ListenOn: "127.0.0.1:0", CpuThreshold: 0, Middlewares };
    const server = new RpcServer(config, { ...shared, debug: new DebugRegistry() });
    await server.add(echoService, { ...echoHandlers, look }).start();
    const client = new RpcClient({ Target: server.address, Timeout: 2_000, Middlewares }, shared);
    this.#parts.use(server);
    this.#parts.use(client);
    return client;
  }

  #leaf(request: Echo): Promise<Echo> {
    if (!this.isDown(this.leafCalls++)) return Promise.resolve(request);
    return Promise.reject(new ServiceError("unavailable", "Cannot look: down"));
  }
}

/** Measures how many calls of the last tier one call becomes. */
export async function* s4({ perSecond = 200 }: { perSecond?: number }): AsyncGenerator<Row> {
  for (const breaker of [false, true]) {
    const how = breaker ? "with breakers" : "without breakers";
    await using tiers = await Tiers.open(4, breaker);
    const load = new Load(() => tiers.client.call(echoService.methods.look, echo("a")), perSecond);
    await sleep(8_000);
    await load.stop();
    const calls = load.samples.length;
    yield atMost(
      "S4",
      `four tiers, the last down, ${how}: its calls for each call`,
      tiers.leafCalls / calls,
      1.2,
      "x",
    );
  }
  await using tiers = await Tiers.open(4, true);
  tiers.isDown = (call) => call % 50 === 0;
  await using load = new Load(
    () => tiers.client.call(echoService.methods.look, echo("a")),
    perSecond,
  );
  await sleep(4_000);
  await load.stop();
  const failed = failures(load.samples);
  yield holds(
    "S4",
    "four tiers, the last fails 2 %: retries hide it",
    failed === 0,
    `${failed} of ${load.samples.length} fail`,
  );
}
