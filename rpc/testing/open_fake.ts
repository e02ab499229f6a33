/**
 * A client of instances that do not exist, on virtual time.
 *
 * @module
 */

import { DeadlineWheel } from "../../core/async/deadline_wheel.ts";
import { noopLogger } from "../../core/log/logger.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import type { RpcClientConfInput } from "../client/config.ts";
import type { Stub } from "../client/handler.ts";
import type { RpcClientOptions } from "../client/options.ts";
import { RpcClient } from "../client/rpc_client.ts";
import { type EchoMethods, echoService } from "./echo_service.ts";
import { type FakeAnswer, FakeTransport } from "./fake_transport.ts";
import { TestResolver } from "./test_resolver.ts";

/** A client of instances whose connections a test moves. */
export interface Fake extends AsyncDisposable {
  /** Calls them. */
  readonly client: RpcClient;
  /** The functions that call them. */
  readonly stub: Stub<EchoMethods>;
  /** Time. */
  readonly clock: FakeClock;
  /** The connections. */
  readonly transport: FakeTransport;
  /** Tells the client of the instances. */
  readonly resolver: TestResolver;
}

/** Makes a client of instances, none of which is connected yet. It takes turns and does not retry, unless told otherwise. */
export async function openFake(
  addresses: readonly string[],
  answer?: FakeAnswer,
  options: RpcClientOptions = {},
  config: RpcClientConfInput = {},
): Promise<Fake> {
  const clock = new FakeClock();
  const deadlines = new DeadlineWheel({ clock });
  const transport = new FakeTransport(answer);
  const resolver = new TestResolver(addresses);
  const client = new RpcClient({
    Target: "direct:///test:1",
    BalancerName: "round_robin",
    Timeout: 1_000,
    ...config,
  }, {
    transport,
    resolver,
    clock,
    deadlines,
    random: () => 0.5,
    log: noopLogger,
    metrics: new MetricRegistry(),
    retry: false,
    ...options,
  });
  await clock.advance(0); // The first list.
  return {
    client,
    stub: client.stub(echoService),
    clock,
    transport,
    resolver,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      deadlines[Symbol.dispose]();
    },
  };
}
